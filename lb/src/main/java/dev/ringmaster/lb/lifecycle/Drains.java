package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicas that have left the routing table: each is stopped once it has nothing in flight, seen twice, or once its time
 * is up. Control thread only.
 */
final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    private static final Duration LOOK = Duration.ofMillis(25);
    /** From asking a replica to end to forcing it. */
    static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final ControlThread control;
    private final Spawner spawner;
    private final Runnable changed;
    private final Map<ReplicaId, Replica> draining = new LinkedHashMap<>();
    private final Set<ReplicaId> stopping = new HashSet<>();

    /** Calls {@code changed} after a replica has ended. */
    Drains(ControlThread control, Spawner spawner, Runnable changed) {
        this.control = control;
        this.spawner = spawner;
        this.changed = changed;
    }

    List<Replica> replicas() {
        return new ArrayList<>(draining.values());
    }

    boolean contains(ReplicaId id) {
        return draining.containsKey(id);
    }

    /** Takes a replica on; to be called before the table without it is published, which {@code unrouted} tells. */
    void add(Replica replica) {
        draining.put(replica.id(), replica);
    }

    /** No event loop routes to the replica any more: waits for its requests, then stops it. */
    void begin(Replica replica, CompletionStage<Void> unrouted, Duration timeout) {
        // Apart from the looks: an event loop that never sees the table must not keep the replica for ever.
        Runnable deadline = control.schedule(timeout, () -> stop(replica));
        unrouted.whenComplete((_, _) -> control.execute(() -> look(replica, deadline, false)));
    }

    private void look(Replica replica, Runnable deadline, boolean idleBefore) {
        if (!draining.containsKey(replica.id()) || stopping.contains(replica.id())) {
            deadline.run();
            return;
        }
        boolean idle = replica.inFlight().sum() == 0;
        if (idle && idleBefore) {
            deadline.run();
            stop(replica);
        } else {
            control.schedule(LOOK, () -> look(replica, deadline, idle));
        }
    }

    private void stop(Replica replica) {
        if (!draining.containsKey(replica.id()) || !stopping.add(replica.id())) {
            return;
        }
        long inFlight = replica.inFlight().sum();
        if (inFlight > 0) {
            LOG.warn("replica={} slot={} drained=false inFlight={}", replica.name(), replica.slot(), inFlight);
        }
        spawner.stop(replica.id(), STOP_GRACE, () -> ended(replica.id()));
    }

    /** It is gone, by our hand or its own. */
    void ended(ReplicaId id) {
        stopping.remove(id);
        Replica gone = draining.remove(id);
        if (gone != null) {
            LOG.info("replica={} slot={} state=GONE", gone.name(), gone.slot());
            changed.run();
        }
    }
}
