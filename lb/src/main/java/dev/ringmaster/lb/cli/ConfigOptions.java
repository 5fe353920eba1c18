package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.ConfigReader;
import dev.ringmaster.lb.config.ConfigSources;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's configuration comes from: a file, the environment, single settings, in rising precedence. */
final class ConfigOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of dotted keys.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, above the file and the environment (RINGMASTER_KEY); repeatable.")
    private List<String> settings = List.of();

    LoadBalancerConfig read(Surroundings surroundings) throws ConfigException {
        return ConfigReader.read(new ConfigSources(file, surroundings.environment(), settings));
    }
}
