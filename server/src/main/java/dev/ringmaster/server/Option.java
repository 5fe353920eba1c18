package dev.ringmaster.server;

import org.jspecify.annotations.Nullable;

/** Every setting once: its environment variable, its command-line flag and the line that explains it. */
enum Option {
    ID("SERVER_ID", "--id", "NAME", "name in the answer to /home (default: host name)"),
    ID_BRACKETS("SERVER_ID_BRACKETS", "--id-brackets", "", "print the name as [NAME]"),
    BIND("SERVER_BIND", "--bind", "ADDRESS", "address to listen on (default: 0.0.0.0)"),
    PORT("SERVER_PORT", "--port", "PORT", "port to listen on, 0 for any free one (default: 5000)"),
    DELAY("SERVER_DELAY", "--delay", "TIME", "wait before answering /home, such as 150ms or 2s (default: 0s)"),
    DRAIN("SERVER_DRAIN", "--drain", "TIME", "longest wait for requests in flight at SIGTERM (default: 8s)"),
    EXIT_ON_STDIN_CLOSE(
            "SERVER_EXIT_ON_STDIN_CLOSE", "--exit-on-stdin-close", "", "end at once when standard input ends");

    final String variable;
    final String flag;
    /** What the flag's value stands for in the help; empty for a switch, which takes none. */
    final String placeholder;

    final String meaning;

    Option(String variable, String flag, String placeholder, String meaning) {
        this.variable = variable;
        this.flag = flag;
        this.placeholder = placeholder;
        this.meaning = meaning;
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }

    static @Nullable Option ofFlag(String flag) {
        for (Option option : values()) {
            if (option.flag.equals(flag)) {
                return option;
            }
        }
        return null;
    }

    /** The text of {@code --help}. */
    static String help() {
        StringBuilder text = new StringBuilder(1024);
        text.append("Usage: ringmaster-server [OPTION]...\n");
        text.append("A small HTTP server with GET /home and GET /heartbeat.\n\n");
        for (Option option : values()) {
            text.append("  ").append(option.flag);
            if (!option.isSwitch()) {
                text.append(' ').append(option.placeholder);
            }
            text.append("\n      ").append(option.meaning);
            text.append("; environment: ").append(option.variable).append('\n');
        }
        text.append("  --help\n      print this text\n\n");
        text.append("The command line wins over the environment.\n");
        return text.toString();
    }
}
