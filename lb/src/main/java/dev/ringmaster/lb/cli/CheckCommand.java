package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Validates a configuration and starts nothing. */
@Command(name = "check", description = "Checks a configuration: prints every problem, one a line, and starts nothing.")
final class CheckCommand implements Runnable {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "--print", description = "Print what is in effect, secrets hidden.")
    private boolean print;

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        try {
            ConfigOptions.Loaded loaded = options.read(surroundings);
            if (print) {
                loaded.texts().forEach((key, text) -> surroundings.out().println(key + ": " + text));
            }
        } catch (ConfigException wrong) {
            throw CommandFailure.usage(wrong.problems());
        }
    }
}
