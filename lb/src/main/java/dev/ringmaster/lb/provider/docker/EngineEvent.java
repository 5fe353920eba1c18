package dev.ringmaster.lb.provider.docker;

import java.util.Map;

/**
 * Something that happened to a container.
 *
 * @param action such as {@code die}, {@code kill} or {@code network disconnect}
 * @param container full id
 * @param attributes what the engine adds: labels, exit code, signal
 */
record EngineEvent(String action, String container, Map<String, String> attributes) {
    EngineEvent {
        attributes = Map.copyOf(attributes);
    }

    String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }
}
