package dev.ringmaster.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link ServerOptions} from the environment and the command line, which wins. An environment variable that is
 * set but empty counts as not set, because that is what a compose file makes of a missing one.
 */
final class OptionsReader {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** The raw text of every option that was given, and where it came from, for messages. */
    private final Map<Option, String> values = new EnumMap<>(Option.class);

    private final Map<Option, String> sources = new EnumMap<>(Option.class);

    private OptionsReader() {}

    /**
     * Reads and checks every option.
     *
     * @throws IllegalArgumentException with a one-line message if an option is unknown, lacks its value or has a bad
     *     one
     */
    static ServerOptions read(List<String> arguments, Map<String, String> environment) {
        OptionsReader reader = new OptionsReader();
        reader.readEnvironment(environment);
        reader.readArguments(arguments);
        return reader.options();
    }

    private void readEnvironment(Map<String, String> environment) {
        for (Option option : Option.values()) {
            String value = environment.get(option.variable);
            if (value != null && !value.isEmpty()) {
                put(option, value, option.variable);
            }
        }
    }

    private void readArguments(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            Option option = Option.ofFlag(flag);
            if (option == null) {
                throw new IllegalArgumentException("unknown option '" + argument + "' (see --help)");
            }
            if (equals >= 0) {
                put(option, argument.substring(equals + 1), flag);
            } else if (option.isSwitch()) {
                put(option, "true", flag);
            } else if (++i < arguments.size()) {
                put(option, arguments.get(i), flag);
            } else {
                throw new IllegalArgumentException(flag + " needs a value: " + flag + ' ' + option.placeholder);
            }
        }
    }

    private void put(Option option, String value, String source) {
        values.put(option, value);
        sources.put(option, source);
    }

    private ServerOptions options() {
        String id = text(Option.ID);
        if (id == null) {
            id = hostName();
        }
        String bind = text(Option.BIND);
        return new ServerOptions(
                isOn(Option.ID_BRACKETS) ? '[' + id + ']' : id,
                bind == null ? "0.0.0.0" : bind,
                port(),
                duration(Option.DELAY, Duration.ZERO),
                duration(Option.DRAIN, Duration.ofSeconds(8)),
                isOn(Option.EXIT_ON_STDIN_CLOSE));
    }

    private @Nullable String text(Option option) {
        String value = values.get(option);
        if (value != null && value.isBlank()) {
            throw bad(option, value, "a text that is not empty");
        }
        return value;
    }

    private boolean isOn(Option option) {
        String value = values.get(option);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw bad(option, value, "true or false");
    }

    private int port() {
        String value = values.get(Option.PORT);
        if (value == null) {
            return 5000;
        }
        long port = Durations.wholeNumber(value, 0, value.length());
        if (port < 0 || port > 65_535) {
            throw bad(Option.PORT, value, "a number from 0 to 65535");
        }
        return (int) port;
    }

    private Duration duration(Option option, Duration missing) {
        String value = values.get(option);
        if (value == null) {
            return missing;
        }
        Duration duration = Durations.parse(value);
        if (duration == null || duration.compareTo(ServerOptions.LONGEST) > 0) {
            throw bad(option, value, "a time such as 150ms, 2s or 1m, at most 60m");
        }
        return duration;
    }

    private IllegalArgumentException bad(Option option, String value, String expectation) {
        return new IllegalArgumentException(sources.get(option) + " is '" + value + "', but must be " + expectation);
    }

    /** The kernel's own word comes first: asking the resolver can take seconds where DNS is slow. */
    private static String hostName() {
        try {
            String name = Files.readString(KERNEL_HOST_NAME).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException _) {
            // not Linux, or /proc is hidden
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException _) {
            return "localhost";
        }
    }
}
