package dev.ringmaster.lb.lifecycle;

import com.google.common.collect.Maps;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What has happened to the pool since the start; any thread may read. */
public final class LifecycleStats {
    private static final double NANOS_A_SECOND = 1e9;

    private final AtomicLong respawns = new AtomicLong();
    private final AtomicLong spawnFailures = new AtomicLong();
    private final Map<String, AtomicLong> ejections = new ConcurrentHashMap<>();
    private final AtomicLong probeFailures = new AtomicLong();
    private final AtomicLong spawns = new AtomicLong();
    private final AtomicLong spawnNanos = new AtomicLong();

    /** Dead replicas that were replaced. */
    public long respawns() {
        return respawns.get();
    }

    /** Starts that failed. */
    public long spawnFailures() {
        return spawnFailures.get();
    }

    /** How often replicas were taken out of the routing table while they lived, by reason. */
    public Map<String, Double> ejections() {
        return Maps.transformValues(ejections, AtomicLong::doubleValue);
    }

    /** Heartbeats that failed. */
    public long probeFailures() {
        return probeFailures.get();
    }

    /** Replicas that were started and came to serve. */
    public long spawns() {
        return spawns.get();
    }

    /** How long that took, from nothing to the first good heartbeat, summed. */
    public double spawnSeconds() {
        return spawnNanos.get() / NANOS_A_SECOND;
    }

    void respawned() {
        respawns.incrementAndGet();
    }

    void spawned(Duration took) {
        spawns.incrementAndGet();
        spawnNanos.addAndGet(took.toNanos());
    }

    void spawnFailed() {
        spawnFailures.incrementAndGet();
    }

    void ejected(String reason) {
        ejections.computeIfAbsent(reason, _ -> new AtomicLong()).incrementAndGet();
    }

    void probeFailed() {
        probeFailures.incrementAndGet();
    }
}
