package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.AliveSet;
import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.Slot;
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
    private final @Nullable Replica[] byHashIndex;
    private final boolean recovering;

    RoutingTable(long generation, Distribution distribution, ConsistentHash<Integer> hash, ReplicaSet set) {
        this.generation = generation;
        this.distribution = distribution;
        this.hash = hash;
        this.serving = set.serving();
        this.recovering = set.slots().stream().anyMatch(slot -> slot.state().recovering());
        this.byHashIndex = new Replica[hash.nodes().size()];
        AliveSet bits = AliveSet.all(byHashIndex.length);
        for (int index = 0; index < byHashIndex.length; index++) {
            Replica replica = serving(set, hash.nodes().get(index));
            byHashIndex[index] = replica;
            if (replica == null) {
                bits = bits.without(index);
            }
        }
        this.alive = bits;
    }

    private static @Nullable Replica serving(ReplicaSet set, int slotIndex) {
        for (Slot slot : set.slots()) {
            if (slot.index() == slotIndex) {
                return slot.serving();
            }
        }
        return null;
    }

    /** Counts the tables published so far; every change of members, health or policy makes a new one. */
    public long generation() {
        return generation;
    }

    /** The replicas that requests may go to, in the order in which their slots were opened. */
    public List<Replica> serving() {
        return serving;
    }

    /** Whether a slot without a serving replica will have one again without an operator: waiting may pay. */
    public boolean recovering() {
        return recovering;
    }

    /** The ring or table over slot numbers, those of dead replicas included. */
    public ConsistentHash<Integer> hash() {
        return hash;
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

    @Nullable
    Replica atHashIndex(int index) {
        return byHashIndex[index];
    }
}
