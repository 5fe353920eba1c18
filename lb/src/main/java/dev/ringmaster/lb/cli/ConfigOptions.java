package dev.ringmaster.lb.cli;

import com.google.common.base.Splitter;
import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.ConfigReader;
import dev.ringmaster.lb.config.ConfigSources;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's configuration comes from: a file, the environment, single settings, in rising precedence. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML file of dotted keys (default: the file that RINGMASTER_CONFIG names, else none).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, above the file and the environment (RINGMASTER_KEY); repeatable.")
    private List<String> settings = List.of();

    /**
     * A configuration that was read.
     *
     * @param texts key to text of everything in effect, secrets hidden
     */
    record Loaded(LoadBalancerConfig config, SortedMap<String, String> texts) {}

    Loaded read(Surroundings surroundings) throws ConfigException {
        return read(surroundings, Map.of());
    }

    /** @param changes settings above all others */
    Loaded read(Surroundings surroundings, Map<String, String> changes) throws ConfigException {
        List<String> all = new ArrayList<>(settings);
        all.removeIf(setting -> changes.containsKey(
                Splitter.on('=').split(setting).iterator().next().strip()));
        changes.forEach((key, text) -> all.add(key + "=" + text));
        ConfigSources sources = new ConfigSources(file(surroundings), surroundings.environment(), all);
        return new Loaded(ConfigReader.read(sources), ConfigReader.effective(sources));
    }

    private @Nullable Path file(Surroundings surroundings) {
        String named = surroundings.environment().getOrDefault("RINGMASTER_CONFIG", "");
        return file == null && !named.isEmpty() ? Path.of(named) : file;
    }
}
