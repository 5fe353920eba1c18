package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.OutlierDetector;
import dev.ringmaster.lb.health.OutlierDetector.Change;
import dev.ringmaster.lb.health.OutlierOptions;
import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.OutcomeCounts;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has seats sit out whose replicas serve worse than the others: adds the event loops' counts up from time to time, and at
 * once when a loop sees failures in a row. What it decides is told to the routing table and to nobody else, so that no
 * replica is ever replaced for it. Control thread only, unless said otherwise.
 */
final class Outliers {
    private static final Logger LOG = LoggerFactory.getLogger(Outliers.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ControlThread control;
    private final Pool pool;
    private final Supplier<OutlierOptions> options;
    private final LifecycleStats stats;
    private final OutlierDetector detector;
    /** Replicas looked at because of a row since the last tick: in an outage every request is one more reason. */
    private final Set<ReplicaId> suspected = ConcurrentHashMap.newKeySet();

    private boolean panic;
    private Runnable timer;

    Outliers(ControlThread control, Pool pool, Supplier<OutlierOptions> options, LifecycleStats stats) {
        this.control = control;
        this.pool = pool;
        this.options = options;
        this.stats = stats;
        this.detector = new OutlierDetector(options, control.nanos());
        this.timer = control.schedule(LOOK, this::tick);
    }

    /** A request failed by the replica's fault, as did others before it on that event loop; any thread. */
    void requestFailed(Replica replica, int inARow) {
        OutlierOptions rules = options.get();
        if (rules.enabled() && inARow >= rules.failures() && suspected.add(replica.id())) {
            control.execute(() -> {
                detector.failed(replica.id(), inARow);
                look();
            });
        }
    }

    /** Looks no more. */
    void stop() {
        timer.run();
    }

    private void tick() {
        timer = control.schedule(LOOK, this::tick);
        suspected.clear();
        look();
    }

    private void look() {
        Map<ReplicaId, OutcomeCounts> serving = new LinkedHashMap<>();
        for (Seat seat : pool.seats().answering()) {
            Replica replica = seat.occupant();
            serving.put(replica.id(), replica.outcomes().counts());
        }
        List<Change> changes =
                detector.look(control.nanos(), serving, pool.seats().silenced());
        changes.forEach(change -> pool.seats().of(change.id()).ifPresent(seat -> apply(seat, change)));
        tellPanic();
        if (!changes.isEmpty()) {
            pool.publish();
        }
    }

    private void apply(Seat seat, Change change) {
        switch (change) {
            case Change.Eject eject -> eject(seat, eject.ejection());
            case Change.Return back -> {
                seat.sitOut(null);
                String reason = back.served() ? "ejection-over" : "ejection-lifted";
                LOG.info("replica={} slot={} state=UP reason={}", seat.name(), seat.index(), reason);
            }
        }
    }

    private void eject(Seat seat, Ejection ejection) {
        seat.sitOut(ejection);
        String reason = ejection.reason().label();
        stats.ejected(reason);
        long millis = TimeUnit.NANOSECONDS.toMillis(ejection.until() - control.nanos());
        LOG.warn("replica={} slot={} state=EJECTED reason={} for={}ms", seat.name(), seat.index(), reason, millis);
    }

    private void tellPanic() {
        if (detector.panics() && !panic) {
            LOG.warn("outliers=panic: more replicas fail than may be ejected, so that none is");
        } else if (!detector.panics() && panic) {
            LOG.info("outliers=judged");
        }
        panic = detector.panics();
    }
}
