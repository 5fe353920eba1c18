package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.AliveSet;
import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.Slot;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that routing one attempt needs, at one moment: members, health, ring and policy change together or not at
 * all. Immutable; any thread may read it.
 */
public final class RoutingTable {
    private final long generation;
    private final Distribution distribution;
    private final ConsistentHash<Integer> hash;
    private final AliveSet alive;
    private final List<Replica> serving;
    private final double[] shares;
    private final int[] positions;
    private final boolean recovering;
    private final ReplicaSet pool;

    RoutingTable(long generation, Distribution distribution, ConsistentHash<Integer> hash, ReplicaSet set) {
        this.generation = generation;
        this.distribution = distribution;
        this.hash = hash;
        this.pool = set;
        this.serving = set.serving();
        this.shares = shares(set);
        // Before the first publication nobody knows yet who serves.
        this.recovering = generation == 0
                || set.slots().stream().anyMatch(slot -> slot.state().recovering());
        this.positions = new int[hash.nodes().size()];
        AliveSet bits = AliveSet.all(positions.length);
        for (int index = 0; index < positions.length; index++) {
            positions[index] = position(set, hash.nodes().get(index));
            if (positions[index] < 0) {
                bits = bits.without(index);
            }
        }
        this.alive = bits;
    }

    private static double[] shares(ReplicaSet set) {
        double[] weights = set.slots().stream()
                .filter(slot -> slot.serving() != null)
                .mapToDouble(Slot::weight)
                .toArray();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    private static int position(ReplicaSet set, int slotIndex) {
        int position = 0;
        for (Slot slot : set.slots()) {
            boolean serves = slot.serving() != null;
            if (slot.index() == slotIndex) {
                return serves ? position : -1;
            }
            position += serves ? 1 : 0;
        }
        return -1;
    }

    /** Counts the tables published so far; every change of members, health or policy makes a new one. */
    public long generation() {
        return generation;
    }

    /** The replicas that requests may go to, in the order in which their slots were opened. */
    public List<Replica> serving() {
        return serving;
    }

    /** What the weight of the serving replica at {@code position} entitles it to: its part of the whole, 0 to 1. */
    public double share(int position) {
        return shares[position];
    }

    /** Whether a slot without a serving replica will have one again without an operator: waiting may pay. */
    public boolean recovering() {
        return recovering;
    }

    /** The ring or table over slot numbers, those of dead replicas included. */
    public ConsistentHash<Integer> hash() {
        return hash;
    }

    /** The replica that serves in that slot; null if none does. */
    @Nullable
    Replica inSlot(int slot) {
        for (Replica replica : serving) {
            if (replica.slot() == slot) {
                return replica;
            }
        }
        return null;
    }

    /** All slots, those that do not serve included. */
    ReplicaSet pool() {
        return pool;
    }

    /** Whether this very replica serves in this table. */
    public boolean serves(Replica replica) {
        return serving.contains(replica);
    }

    Distribution distribution() {
        return distribution;
    }

    AliveSet alive() {
        return alive;
    }

    /** The place in {@link #serving} of the node that the hash knows by that index. */
    int positionOf(int hashIndex) {
        return positions[hashIndex];
    }
}
