package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pools as tests need them. */
final class Pools {
    /** Event loops that a replica counts for. */
    static final int LOOPS = 4;

    private Pools() {}

    /** Slots 0 to {@code count - 1}, all serving. */
    static ReplicaSet of(int count) {
        List<Slot> slots = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Replica replica = replica(index);
            slots.add(new Slot(index, 1, replica.name(), ReplicaState.UP, replica));
        }
        return new ReplicaSet(slots, List.of());
    }

    /** Slots 0 and on, of these weights, all serving. */
    static ReplicaSet weighted(double... weights) {
        List<Slot> slots = new ArrayList<>();
        for (Slot slot : of(weights.length).slots()) {
            slots.add(slot.weighing(weights[slot.index()]));
        }
        return new ReplicaSet(slots, List.of());
    }

    static Replica replica(int slot) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + slot);
        return new Replica(ReplicaId.random(), "S" + slot, slot, address, new InFlight(LOOPS));
    }

    /** The pool with one slot in another state. */
    static ReplicaSet state(ReplicaSet set, int position, ReplicaState state) {
        Slot slot = set.slots().get(position);
        return with(
                set,
                position,
                state == ReplicaState.EJECTED
                        ? slot.ejected(new Ejection(Ejection.Reason.LATENCY, 1))
                        : slot.in(state));
    }

    /** The pool with another replica in one slot. */
    static ReplicaSet replaced(ReplicaSet set, int position) {
        Slot slot = set.slots().get(position);
        return with(set, position, slot.occupiedBy(replica(slot.index()), ReplicaState.UP));
    }

    /** The pool without one slot. */
    static ReplicaSet without(ReplicaSet set, int position) {
        List<Slot> slots = new ArrayList<>(set.slots());
        slots.remove(position);
        return new ReplicaSet(slots, List.of());
    }

    private static ReplicaSet with(ReplicaSet set, int position, Slot slot) {
        List<Slot> slots = new ArrayList<>(set.slots());
        slots.set(position, slot);
        return new ReplicaSet(slots, List.of());
    }

    static BalanceOptions options(String policy, String algorithm, String... key) {
        return new BalanceOptions(
                policy,
                new BalanceOptions.HashRing(algorithm, "farmhash64", 512, 9, "linear", "balanced"),
                List.of(key));
    }

    /** Consistent hashing of a header, with this hot-key share and slow start. */
    static RoutingTables tables(String algorithm, double hotKeyShare, Duration slowStart) {
        BalanceOptions options = options("consistent-hash", algorithm, "header:x-key");
        BalanceOptions.Tuning usual = options.tuning();
        BalanceOptions.Tuning tuning = new BalanceOptions.Tuning(
                usual.balanceFactor(),
                usual.choices(),
                usual.sticky(),
                usual.mostInFlight(),
                false,
                hotKeyShare,
                slowStart);
        return new RoutingTables(
                new BalanceOptions(options.policy(), options.hash(), options.key(), tuning),
                Pools.class.getClassLoader());
    }

    /** Half a second passes. */
    static void tick(RoutingTables tables, Clock clock) {
        clock.nanos += 500_000_000;
        tables.tick(clock.nanos, Runnable::run);
    }

    /** Time as a test has it pass. */
    static final class Clock {
        long nanos = 77;
    }

    static RoutingTables tables(String policy, String algorithm, String... key) {
        return new RoutingTables(options(policy, algorithm, key), Pools.class.getClassLoader());
    }

    /** Chooses as an event loop does, every decision in a turn of its own. */
    static LoopBalancer loop(RoutingTables tables) {
        return new LoopBalancer(tables, Runnable::run, LOOPS);
    }

    /** The whole order that a policy gives for a key. */
    static List<Replica> order(BalancingPolicy policy, long key, RoutingTable table) {
        List<Replica> order = new ArrayList<>();
        Candidates candidates = policy.candidates(key, table);
        for (Replica next = candidates.next(); next != null; next = candidates.next()) {
            order.add(next);
        }
        return order;
    }
}
