package dev.ringmaster.lb.telemetry;

/** A metric whose value lives elsewhere and is asked for at each scrape. */
public enum SuppliedMetric {
    REPLICAS("replicas", "state", false, "Slots by the state of their replica."),
    REPLICAS_TARGET("replicas_target", "", false, "Replicas that there should be (N)."),
    REPLICA_SPARES("replica_spares", "", false, "Replicas that wait for a dead one's slot."),
    TABLE_GENERATION("routing_table_generation", "", false, "Number of the routing table in use."),
    KEYS_MOVED(
            "hash_keys_moved_ratio",
            "",
            false,
            "Part of the keys that the last change of slots, weights, table, hash function or key gave another home."),
    HOT_KEYS("hash_hot_keys", "", false, "Keys whose requests are spread over several slots."),
    HOT_KEY_REQUESTS("hash_hot_key_requests", "", true, "Requests of keys that were hot then."),
    SLOT_PART(
            "replica_share_part",
            "slot",
            false,
            "Part of its share that a slot gets: below 1 while its replica is new and slow-start is set."),
    REPLICA_IN_FLIGHT("replica_in_flight", "slot", false, "Requests that the replica in a slot is serving."),
    RESPAWNS("replica_respawns", "", true, "Replicas that were replaced after a failure."),
    EJECTIONS(
            "replica_ejections", "reason", true, "Replicas that were taken out of the routing table while they lived."),
    SPAWNS("replica_spawns", "", true, "Replicas that were started and came to serve."),
    SPAWN_FAILURES("replica_spawn_failures", "", true, "Replicas that were started and did not come to serve."),
    SPAWN_SECONDS("replica_spawn_seconds", "", true, "Time from starting replicas until they served, summed."),
    PROBE_FAILURES("probe_failures", "", true, "Heartbeats that failed."),
    ACCESS_LOG_DROPS("access_log_drops", "", true, "Lines that the access log lost because its reader was too slow.");

    final String metric;
    final String label;
    final boolean counter;
    final String help;

    SuppliedMetric(String metric, String label, boolean counter, String help) {
        this.metric = "ringmaster_" + metric;
        this.label = label;
        this.counter = counter;
        this.help = help;
    }
}
