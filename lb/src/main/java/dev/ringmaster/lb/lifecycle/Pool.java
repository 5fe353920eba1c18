package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The pool as the control thread knows it, and the one way in which everybody else gets to know it: journal first, then
 * routing table, and registry last, so that what is said of the pool holds for the next request. Control thread only.
 */
final class Pool {
    private final ReplicaSupervisor.Parts parts;
    private final JournalKeeper journal;
    private final Seats seats = new Seats();
    private final Spawner spawner;
    private final Drains drains;
    private @Nullable Addition addition;
    private boolean closed;

    Pool(ReplicaSupervisor.Parts parts, Spawner spawner, Drains drains) {
        this.parts = parts;
        this.spawner = spawner;
        this.drains = drains;
        this.journal = new JournalKeeper(parts.control(), parts.journal());
    }

    Seats seats() {
        return seats;
    }

    Drains drains() {
        return drains;
    }

    /** What is being added; null if nothing is. */
    @Nullable
    Addition addition() {
        return addition;
    }

    void adding(@Nullable Addition begun) {
        addition = begun;
    }

    /** Names that no new replica may have. */
    Set<String> namesInUse() {
        Set<String> inUse = seats.names();
        added().forEach(spec -> inUse.add(spec.name()));
        return inUse;
    }

    private List<ReplicaSpec> added() {
        return addition == null ? List.of() : addition.wanted();
    }

    /** Whether the pool as it is stands in the journal; if not, it will as soon as that can be. */
    boolean save() {
        return journal(seats.specs(), added(), drains.replicas());
    }

    /** Whether the pool stands in the journal as it will be with these; if not, nothing is to change. */
    boolean saveWith(List<RunningReplica> added) {
        List<ReplicaSpec> specs = new ArrayList<>(seats.specs());
        added.forEach(replica -> specs.add(replica.spec()));
        return journal(specs, List.of(), drains.replicas()) || undone();
    }

    /** Whether the pool stands in the journal as it will be without these; if not, nothing is to change. */
    boolean saveWithout(List<Seat> leaving, List<Replica> draining) {
        List<ReplicaSpec> specs = new ArrayList<>(seats.specs());
        leaving.forEach(seat -> specs.remove(seat.spec()));
        List<Replica> all = new ArrayList<>(drains.replicas());
        all.addAll(draining);
        return journal(specs, added(), all) || undone();
    }

    /**
     * Whether all of it stands in the journal, also what nobody could find again if this balancer just died. From now on
     * another one may write there.
     */
    boolean leaveToAnother() {
        if (!parts.provider().managed()) {
            return true;
        }
        boolean kept = journal.keep(new Journal.State(
                seats.specs(), spawner.underWay(), List.of(), specs(seats.waiting()), seats.weights()));
        journal.forget();
        return kept;
    }

    /** What failed to be written may stand there all the same, so the pool as it is has to be written over it. */
    private boolean undone() {
        save();
        return false;
    }

    private boolean journal(List<ReplicaSpec> specs, List<ReplicaSpec> added, List<Replica> leaving) {
        if (!parts.provider().managed()) {
            return true;
        }
        if (!parts.provider().outlives()) {
            // Nothing that is on its way or waits could be found again: not worth a wait for the disk.
            return journal.keep(new Journal.State(specs, added, specs(leaving), List.of(), seats.weights()));
        }
        Set<ReplicaSpec> intents = new LinkedHashSet<>(spawner.underWay());
        intents.addAll(added);
        // Those that ran already when they were found stand there as what they are.
        specs.forEach(intents::remove);
        return journal.keep(new Journal.State(
                specs, List.copyOf(intents), specs(leaving), specs(seats.waiting()), seats.weights()));
    }

    private static List<ReplicaSpec> specs(List<Replica> replicas) {
        return replicas.stream()
                .map(replica -> new ReplicaSpec(replica.id(), replica.name(), replica.slot()))
                .toList();
    }

    /** Tells everybody how the pool is now; completes when every event loop has seen it. */
    CompletionStage<Void> publish() {
        if (closed) {
            return CompletableFuture.completedStage(null);
        }
        ReplicaSet set = seats.set(drains.replicas());
        CompletionStage<Void> seen = parts.publisher().apply(set);
        parts.registry().publish(set);
        return seen;
    }

    /** Nothing is written or published any more. */
    void close() {
        closed = true;
        journal.stop();
    }

    Replica replica(RunningReplica running) {
        ReplicaSpec spec = running.spec();
        return new Replica(spec.id(), spec.name(), spec.slot(), running.address(), new InFlight(parts.loops()));
    }
}
