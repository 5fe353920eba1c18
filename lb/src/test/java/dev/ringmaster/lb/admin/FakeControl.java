package dev.ringmaster.lb.admin;

import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.lifecycle.ReplicaControl;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes down the changes that are asked for and answers with the pool, or fails as told. */
final class FakeControl implements ReplicaControl {
    final List<String> calls = new ArrayList<>();
    ReplicaSet pool = ReplicaSet.EMPTY;
    Throwable failure;

    /** A pool of replicas that serve, at 172.18.0.2 and up. */
    static ReplicaSet serving(String... names) {
        List<Slot> slots = new ArrayList<>();
        for (String name : names) {
            slots.add(slot(slots.size(), name, ReplicaState.UP));
        }
        return new ReplicaSet(slots, List.of());
    }

    static Slot slot(int index, String name, ReplicaState state) {
        return new Slot(index, 1, name, state, replica(index, name));
    }

    static Replica replica(int slot, String name) {
        InetSocketAddress address = new InetSocketAddress(InetAddresses.forString("172.18.0." + (slot + 2)), 5000);
        return new Replica(ReplicaId.random(), name, slot, address, new InFlight(1));
    }

    @Override
    public ReplicaSet current() {
        return pool;
    }

    @Override
    public CompletionStage<ReplicaSet> add(int n, List<String> names) {
        return answer("add " + n + " " + names);
    }

    @Override
    public CompletionStage<ReplicaSet> remove(int n, List<String> names, boolean clamp) {
        return answer("remove " + n + " " + names + (clamp ? " clamp" : ""));
    }

    @Override
    public CompletionStage<ReplicaSet> weigh(Map<String, Double> weights) {
        return answer("weigh " + weights);
    }

    private CompletionStage<ReplicaSet> answer(String call) {
        calls.add(call);
        return failure == null ? CompletableFuture.completedStage(pool) : CompletableFuture.failedStage(failure);
    }
}
