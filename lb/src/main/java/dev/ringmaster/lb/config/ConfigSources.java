package dev.ringmaster.lb.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a configuration is read from, in rising precedence. */
public record ConfigSources(@Nullable Path file, Map<String, String> environment, List<String> settings) {}
