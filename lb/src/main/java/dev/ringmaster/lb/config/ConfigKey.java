package dev.ringmaster.lb.config;

import java.util.Locale;

/**
 * Something that can be configured.
 *
 * @param name dotted key
 * @param defaultValue what holds if no source names it; empty for nothing
 * @param expectation what a value must be, to be read after "is not"
 * @param description what it does, one sentence
 * @param reloadable whether a running balancer takes a new value on SIGHUP
 */
public record ConfigKey(String name, String defaultValue, String expectation, String description, boolean reloadable) {
    /** Environment variable of the same meaning: {@code health.replace-after} is {@code RINGMASTER_HEALTH_REPLACE_AFTER}. */
    public String environmentName() {
        return "RINGMASTER_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
