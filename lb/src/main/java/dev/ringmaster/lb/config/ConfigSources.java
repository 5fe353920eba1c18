package dev.ringmaster.lb.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from, in rising precedence.
 *
 * @param file YAML file; null for none
 * @param environment variables of the process; only those that begin with {@code RINGMASTER_} count
 * @param settings {@code key=value} from the command line
 */
public record ConfigSources(@Nullable Path file, Map<String, String> environment, List<String> settings) {
    public ConfigSources {
        environment = Map.copyOf(environment);
        settings = List.copyOf(settings);
    }
}
