package dev.ringmaster.bench.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to compare.
 *
 * @param table "bare" (forwarding only) or "full" (everybody with the features that are on by default here)
 * @param transport of ours
 * @param rivals {@link Contestants} by name
 * @param turns how often and how long everybody has a turn
 * @param results file that the section is merged into; empty only prints it
 */
record Options(
        Scenario scenario,
        String table,
        String transport,
        Layout layout,
        List<String> rivals,
        Turns turns,
        String results) {
    private static final List<String> NAMES = List.of(
            "scenario", "table", "transport", "layout", "rivals", "blocks", "seconds", "seed", "patience", "results");

    /**
     * @param blocks how often everybody has a turn
     * @param seconds of a turn, where it takes a time of its own
     * @param seed of the order of turns
     * @param patience how many blocks at most are thrown away because the machine had no processor for them
     */
    record Turns(int blocks, int seconds, long seed, int patience) {}

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
        Scenario scenario = Scenario.named(given.getOrDefault("scenario", "small"));
        return new Options(
                scenario,
                given.getOrDefault("table", "full"),
                given.getOrDefault("transport", "auto"),
                Layout.named(given.getOrDefault("layout", "pinned")),
                rivals(given.getOrDefault("rivals", "haproxy-safe,haproxy-always,nginx")),
                new Turns(
                        Integer.parseInt(given.getOrDefault("blocks", "" + scenario.blocks())),
                        Integer.parseInt(given.getOrDefault("seconds", "" + scenario.seconds())),
                        Long.parseLong(given.getOrDefault("seed", "" + System.nanoTime())),
                        Integer.parseInt(given.getOrDefault("patience", "0"))),
                given.getOrDefault("results", ""));
    }

    private static List<String> rivals(String names) {
        return names.equals("all") ? Contestants.rivals() : List.of(names.split(",", -1));
    }
}
