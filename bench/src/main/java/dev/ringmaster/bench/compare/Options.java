package dev.ringmaster.bench.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to compare.
 *
 * @param table "bare" (forwarding only) or "full" (everybody with the features that are on by default here)
 * @param transport of ours
 * @param blocks how often everybody has a turn
 * @param seconds of a turn
 * @param seed of the order of turns
 */
record Options(Scenario scenario, String table, String transport, int blocks, int seconds, long seed) {
    private static final List<String> NAMES = List.of("scenario", "table", "transport", "blocks", "seconds", "seed");

    /** Takes arguments like {@code scenario=small blocks=10}. Throws {@link IllegalArgumentException} for others. */
    static Options parse(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length != 2 || !NAMES.contains(parts[0])) {
                throw new IllegalArgumentException(
                        "'" + argument + "' is not NAME=VALUE with a name of " + String.join(", ", NAMES));
            }
            given.put(parts[0], parts[1]);
        }
        return new Options(
                Scenario.named(given.getOrDefault("scenario", "small")),
                given.getOrDefault("table", "full"),
                given.getOrDefault("transport", "auto"),
                Integer.parseInt(given.getOrDefault("blocks", "10")),
                Integer.parseInt(given.getOrDefault("seconds", "3")),
                Long.parseLong(given.getOrDefault("seed", String.valueOf(System.nanoTime()))));
    }
}
