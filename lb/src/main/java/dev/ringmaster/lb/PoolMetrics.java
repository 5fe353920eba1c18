package dev.ringmaster.lb;

import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.lifecycle.LifecycleStats;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.ProxyMetrics;
import dev.ringmaster.lb.telemetry.SuppliedMetric;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Connects the metrics with the parts that know the pool: read when they are scraped. */
final class PoolMetrics {
    private PoolMetrics() {}

    static void register(
            ProxyMetrics metrics,
            ReplicaRegistry registry,
            RoutingTables tables,
            LifecycleStats stats,
            AccessLog accessLog) {
        metrics.register(SuppliedMetric.REPLICAS, () -> byState(registry));
        metrics.register(
                SuppliedMetric.REPLICAS_TARGET, () -> registry.current().target());
        metrics.register(
                SuppliedMetric.REPLICA_SPARES, () -> registry.current().spares().size());
        metrics.register(SuppliedMetric.REPLICA_IN_FLIGHT, () -> inFlight(registry));
        metrics.register(SuppliedMetric.TABLE_GENERATION, () -> tables.current().generation());
        metrics.register(SuppliedMetric.KEYS_MOVED, tables::lastMoved);
        metrics.register(SuppliedMetric.SLOT_PART, () -> parts(registry, tables));
        metrics.register(SuppliedMetric.HOT_KEYS, () -> tables.keys().hot());
        metrics.register(SuppliedMetric.HOT_KEY_REQUESTS, tables::hotRequests);
        metrics.register(SuppliedMetric.RESPAWNS, stats::respawns);
        metrics.register(SuppliedMetric.EJECTIONS, stats::ejections);
        metrics.register(SuppliedMetric.SPAWNS, stats::spawns);
        metrics.register(SuppliedMetric.SPAWN_FAILURES, stats::spawnFailures);
        metrics.register(SuppliedMetric.SPAWN_SECONDS, stats::spawnSeconds);
        metrics.register(SuppliedMetric.PROBE_FAILURES, stats::probeFailures);
        metrics.register(SuppliedMetric.ACCESS_LOG_DROPS, accessLog::dropped);
    }

    private static Map<String, Double> byState(ReplicaRegistry registry) {
        Map<String, Double> counts = new TreeMap<>();
        for (ReplicaState state : ReplicaState.values()) {
            counts.put(state.name().toLowerCase(Locale.ROOT), 0.0);
        }
        registry.current()
                .slots()
                .forEach(slot -> counts.merge(slot.state().name().toLowerCase(Locale.ROOT), 1.0, Double::sum));
        return counts;
    }

    private static Map<String, Double> parts(ReplicaRegistry registry, RoutingTables tables) {
        Map<Integer, Double> ramping = tables.current().ramping();
        Map<String, Double> parts = new TreeMap<>();
        for (Slot slot : registry.current().slots()) {
            parts.put(String.valueOf(slot.index()), ramping.getOrDefault(slot.index(), 1.0));
        }
        return parts;
    }

    private static Map<String, Double> inFlight(ReplicaRegistry registry) {
        Map<String, Double> counts = new TreeMap<>();
        for (Slot slot : registry.current().slots()) {
            Replica replica = slot.replica();
            counts.put(
                    String.valueOf(slot.index()),
                    replica == null ? 0.0 : replica.inFlight().sum());
        }
        return counts;
    }
}
