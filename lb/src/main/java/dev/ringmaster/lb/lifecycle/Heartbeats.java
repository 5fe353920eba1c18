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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends heartbeats to every watched replica, all at their own jittered times. A failure counts only if this thread was
 * awake while it came about: our own stall must not look like everybody's death. Control thread only.
 */
final class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration STALL = Duration.ofMillis(250);
    /** Lies between a heartbeat and one asked for at least, however often requests fail. */
    private static final Duration GAP = Duration.ofMillis(50);
    /** Downwards only: a heartbeat must never be later than the interval says. */
    private static final double JITTER = 0.1;

    private final ControlThread control;
    private final HeartbeatProbe probe;
    private final Supplier<HealthOptions> options;
    private final BiConsumer<Replica, ProbeResult> outcome;
    private final RandomGenerator random;
    private final Map<ReplicaId, Watch> watched = new HashMap<>();
    private long lastTick;
    private long stalledUntil;
    private boolean blind;
    private Runnable timer = () -> {};

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
        this.stalledUntil = lastTick - 1;
        tick();
    }

    void watch(Replica replica) {
        Watch watch = new Watch(replica);
        watched.put(replica.id(), watch);
        watch.later(control.nanos());
    }

    void forget(Replica replica) {
        Watch watch = watched.remove(replica.id());
        if (watch != null) {
            watch.timer.run();
        }
    }

    /** Sends a heartbeat now, unless one is on its way or just was. */
    void now(Replica replica) {
        Watch watch = watched.get(replica.id());
        if (watch != null && !watch.onItsWay && control.nanos() - watch.sent >= GAP.toNanos()) {
            watch.timer.run();
            watch.send();
        }
    }

    /** Sends none any more. */
    void stop() {
        timer.run();
        watched.values().forEach(watch -> watch.timer.run());
        watched.clear();
    }

    private void tick() {
        stalled();
        lastTick = control.nanos();
        timer = control.schedule(TICK, this::tick);
    }

    /** Notices when this thread did not get to its tick in time. */
    private void stalled() {
        long now = control.nanos();
        if (now - lastTick > TICK.plus(STALL).toNanos()) {
            stalledUntil = now;
        }
    }

    /** Says once when heartbeats cannot be sent, and once when they can again. */
    private void blind(boolean now) {
        if (now && !blind) {
            LOG.warn("heartbeats=void: something is lacking here, such as descriptors; no replica is judged by them");
        } else if (!now && blind) {
            LOG.info("heartbeats=sent");
        }
        blind = now;
    }

    private final class Watch {
        private final Replica replica;
        private Runnable timer = () -> {};
        private long sent = control.nanos() - GAP.toNanos();
        private boolean onItsWay;

        Watch(Replica replica) {
            this.replica = replica;
        }

        /** From sending to sending, so that a heartbeat that times out does not delay the next one. */
        void later(long from) {
            double jittered = options.get().interval().toNanos() * (1 - JITTER * random.nextDouble());
            long wait = Math.max(0, from + (long) jittered - control.nanos());
            timer = control.schedule(Duration.ofNanos(wait), this::send);
        }

        void send() {
            onItsWay = true;
            sent = control.nanos();
            probe.probe(replica.address(), options.get(), result -> control.execute(() -> answered(result)));
        }

        private void answered(ProbeResult result) {
            onItsWay = false;
            if (watched.get(replica.id()) != this) {
                return;
            }
            later(sent);
            stalled();
            boolean stalled = result == ProbeResult.SILENT && sent - stalledUntil <= 0;
            blind(result == ProbeResult.VOID);
            if (result != ProbeResult.VOID && !stalled) {
                outcome.accept(replica, result);
            }
        }
    }
}
