package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.OutcomeCounts;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets replicas that are new to a running pool take their share in ten steps. A replica that was away and is back is
 * warm and takes its share at once; so do those that a pool starts with. One thread at a time.
 */
final class SlowStart {
    private static final int STEPS = 10;
    /** If more than one in so many requests to a replica fails, its share stops growing. */
    private static final int FAILURES_BORNE = 20;

    private final Set<ReplicaId> known = new HashSet<>();
    private final Map<ReplicaId, Progress> ramping = new HashMap<>();
    private boolean running;

    private static final class Progress {
        private long nanos;
        private int step = 1;
        private OutcomeCounts before = OutcomeCounts.NONE;
        private boolean begun;

        /** Whether its share stops growing: what has come since the last look has failed too often. */
        boolean pausedBy(OutcomeCounts now) {
            OutcomeCounts since = now.minus(before);
            // The first look comes before a whole period has passed.
            boolean paused = !begun || since.failed() * FAILURES_BORNE > since.judged();
            begun = true;
            before = now;
            return paused;
        }
    }

    /** The pool is now this. */
    void follow(ReplicaSet set, Duration duration) {
        List<Replica> serving = set.serving();
        for (Replica replica : serving) {
            if (known.add(replica.id()) && running && duration.isPositive()) {
                ramping.put(replica.id(), new Progress());
            }
        }
        Set<ReplicaId> there = set.slots().stream()
                .map(slot -> slot.replica())
                .filter(replica -> replica != null)
                .map(Replica::id)
                .collect(Collectors.toSet());
        known.retainAll(there);
        ramping.keySet().retainAll(there);
        // Until each slot has served or failed for good the pool is still starting.
        running |= !serving.isEmpty()
                && set.slots().stream().noneMatch(slot -> slot.state().recovering());
    }

    /** So much time has passed; whether a share has grown. */
    boolean advance(ReplicaSet set, long nanos, Duration duration) {
        boolean grown = false;
        for (Replica replica : set.serving()) {
            Progress progress = ramping.get(replica.id());
            if (progress == null) {
                continue;
            }
            if (!progress.pausedBy(replica.outcomes().counts())) {
                progress.nanos += nanos;
            }
            int step = duration.isPositive() ? 1 + (int) (STEPS * progress.nanos / duration.toNanos()) : STEPS;
            grown |= step > progress.step;
            progress.step = step;
            if (step >= STEPS) {
                ramping.remove(replica.id());
            }
        }
        return grown;
    }

    /** Part of its share that a slot may take, by slot number, of those that may not take all. */
    Map<Integer, Double> parts(ReplicaSet set) {
        Map<Integer, Double> parts = new HashMap<>();
        for (Replica replica : set.serving()) {
            Progress progress = ramping.get(replica.id());
            if (progress != null) {
                parts.put(replica.slot(), (double) progress.step / STEPS);
            }
        }
        return Map.copyOf(parts);
    }
}
