package dev.ringmaster.lb.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What has happened to the pool since the start; any thread may read. */
public final class LifecycleStats {
    private final AtomicLong respawns = new AtomicLong();
    private final AtomicLong spawnFailures = new AtomicLong();
    private final AtomicLong ejections = new AtomicLong();
    private final AtomicLong probeFailures = new AtomicLong();
    private final AtomicLong lastSpawnNanos = new AtomicLong();

    /** Dead replicas that were replaced. */
    public long respawns() {
        return respawns.get();
    }

    /** Starts that failed. */
    public long spawnFailures() {
        return spawnFailures.get();
    }

    /** Replicas taken out because they did not answer. */
    public long ejections() {
        return ejections.get();
    }

    /** Heartbeats that failed. */
    public long probeFailures() {
        return probeFailures.get();
    }

    /** How long the last start took, to the first good heartbeat. */
    public Duration lastSpawn() {
        return Duration.ofNanos(lastSpawnNanos.get());
    }

    void respawned() {
        respawns.incrementAndGet();
    }

    void spawned(Duration took) {
        lastSpawnNanos.set(took.toNanos());
    }

    void spawnFailed() {
        spawnFailures.incrementAndGet();
    }

    void ejected() {
        ejections.incrementAndGet();
    }

    void probeFailed() {
        probeFailures.incrementAndGet();
    }
}
