package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the provider tells of replicas, brought to the control thread. What certainly takes no more requests leaves the
 * routing table at once; the line about it says how long that took.
 */
final class ReplicaEvents implements ReplicaProvider.Events {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaEvents.class);
    /** A replica that was told to end and has not by then goes on, it seems: more than Docker gives it. */
    static final Duration HOLD = Duration.ofSeconds(12);

    private static final double NANOS_A_MILLI = 1e6;

    private final ControlThread control;
    private final ReplicaSupervisor supervisor;
    private final Pool pool;
    private final Respawner respawner;

    ReplicaEvents(ControlThread control, ReplicaSupervisor supervisor, Respawner respawner) {
        this.control = control;
        this.supervisor = supervisor;
        this.pool = supervisor.pool();
        this.respawner = respawner;
    }

    @Override
    public void exited(ReplicaId id, ReplicaProvider.Exit exit) {
        control.execute(() -> ended(id, exit));
    }

    @Override
    public void ending(ReplicaId id, String reason) {
        leaves(id, reason, seat -> seat.end(HOLD, control.nanos()));
    }

    @Override
    public void suspended(ReplicaId id, String reason) {
        leaves(id, reason, seat -> seat.suspend(control.nanos()));
    }

    @Override
    public void doubted(ReplicaId id, String reason) {
        control.execute(() -> pool.seats().of(id).ifPresent(seat -> {
            LOG.info("replica={} slot={} doubted=\"{}\"", seat.name(), seat.index(), reason);
            supervisor.heartbeats().now(seat.occupant());
        }));
    }

    private void leaves(ReplicaId id, String reason, Predicate<Seat> leave) {
        long heard = control.nanos();
        control.execute(() -> pool.seats().of(id).filter(leave).ifPresent(seat -> {
            String name = seat.name();
            supervisor.changed().whenComplete((_, _) -> {
                String took = String.format(Locale.ROOT, "%.1f", (control.nanos() - heard) / NANOS_A_MILLI);
                // The stage completes on an event loop, which is no place to log.
                control.execute(() -> LOG.warn(
                        "replica={} slot={} state=DOWN reason=\"{}\" after={}ms", name, seat.index(), reason, took));
            });
        }));
    }

    private void ended(ReplicaId id, ReplicaProvider.Exit exit) {
        if (!supervisor.open()) {
            supervisor.takeover().exited(id);
        }
        pool.drains().ended(id);
        Addition addition = pool.addition();
        if (addition != null) {
            addition.exited(id, exit.reason());
        }
        if (!supervisor.spawner().exited(id, exit.reason())) {
            pool.seats().of(id).ifPresent(seat -> {
                respawner.bury(seat, exit);
                // Nobody is to wait for the disk before the dead replica leaves the table.
                pool.publish();
                supervisor.changed();
            });
        }
    }
}
