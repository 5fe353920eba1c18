package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.HeartbeatProbe;
import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sends heartbeats to every watched replica, all at their own jittered times. A failure counts only if this thread was
 * awake while it came about: our own stall must not look like everybody's death. Control thread only.
 */
final class Heartbeats {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration STALL = Duration.ofMillis(250);
    private static final double JITTER = 0.1;

    private final ControlThread control;
    private final HeartbeatProbe probe;
    private final Supplier<HealthOptions> options;
    private final BiConsumer<Replica, ProbeResult> outcome;
    private final RandomGenerator random;
    private final Map<ReplicaId, Watch> watched = new HashMap<>();
    private long lastTick;
    private long stalledUntil;

    Heartbeats(
            ControlThread control,
            HeartbeatProbe probe,
            Supplier<HealthOptions> options,
            BiConsumer<Replica, ProbeResult> outcome,
            RandomGenerator random) {
        this.control = control;
        this.probe = probe;
        this.options = options;
        this.outcome = outcome;
        this.random = random;
        this.lastTick = control.nanos();
        this.stalledUntil = lastTick;
        tick();
    }

    void watch(Replica replica) {
        Watch watch = new Watch(replica);
        watched.put(replica.id(), watch);
        watch.later();
    }

    void forget(Replica replica) {
        Watch watch = watched.remove(replica.id());
        if (watch != null) {
            watch.timer.run();
        }
    }

    /** Sends a heartbeat now, unless one is on its way. */
    void now(Replica replica) {
        Watch watch = watched.get(replica.id());
        if (watch != null) {
            watch.timer.run();
            watch.send();
        }
    }

    private void tick() {
        long now = control.nanos();
        if (now - lastTick > TICK.plus(STALL).toNanos()) {
            stalledUntil = now;
        }
        lastTick = now;
        control.schedule(TICK, this::tick);
    }

    private final class Watch {
        private final Replica replica;
        private Runnable timer = () -> {};
        private boolean onItsWay;

        Watch(Replica replica) {
            this.replica = replica;
        }

        void later() {
            long interval = options.get().interval().toNanos();
            long jittered = (long) (interval * (1 - JITTER + 2 * JITTER * random.nextDouble()));
            timer = control.schedule(Duration.ofNanos(jittered), this::send);
        }

        void send() {
            if (!onItsWay) {
                onItsWay = true;
                long sent = control.nanos();
                probe.probe(replica.address(), options.get(), result -> control.execute(() -> answered(result, sent)));
            }
        }

        private void answered(ProbeResult result, long sent) {
            onItsWay = false;
            if (watched.get(replica.id()) != this) {
                return;
            }
            later();
            boolean stalled = stalledUntil - sent >= 0
                    || control.nanos() - lastTick > TICK.plus(STALL).toNanos();
            if (result != ProbeResult.SILENT || !stalled) {
                outcome.accept(replica, result);
            }
        }
    }
}
