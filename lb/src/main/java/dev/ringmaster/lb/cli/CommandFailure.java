package dev.ringmaster.lb.cli;

import java.io.Serial;
import java.util.List;

/** Ends a command with messages for people, each of them one line, and an exit code. */
final class CommandFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;
    private final int exitCode;

    private CommandFailure(int exitCode, List<String> lines) {
        super(String.join("; ", lines), null, false, false);
        this.lines = List.copyOf(lines);
        this.exitCode = exitCode;
    }

    /** What was asked for was understood and did not succeed. */
    static CommandFailure failed(String line) {
        return new CommandFailure(ExitCodes.FAILED, List.of(line));
    }

    /** What was asked for makes no sense. */
    static CommandFailure usage(List<String> lines) {
        return new CommandFailure(ExitCodes.USAGE, lines);
    }

    List<String> lines() {
        return lines;
    }

    int exitCode() {
        return exitCode;
    }
}
