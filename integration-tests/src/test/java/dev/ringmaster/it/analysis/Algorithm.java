package dev.ringmaster.it.analysis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A way to distribute, by name and by the balancer's environment. */
record Algorithm(String name, Map<String, String> settings) {
    private static final String HASH = "RINGMASTER_HASH_ALGORITHM";
    private static final String IDS = "RINGMASTER_HASH_CLASSIC_IDS";

    static final List<Algorithm> ALL = List.of(
            new Algorithm("capped rendezvous (default)", Map.of(HASH, "capped-rendezvous")),
            new Algorithm("classic, literal ids", Map.of(HASH, "classic", IDS, "literal")),
            new Algorithm("classic, balanced ids", Map.of(HASH, "classic", IDS, "balanced")),
            new Algorithm("ketama", Map.of(HASH, "ketama")),
            new Algorithm("Maglev", Map.of(HASH, "maglev")));

    Map<String, String> on(int replicas) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("RINGMASTER_REPLICAS", String.valueOf(replicas));
        return all;
    }
}
