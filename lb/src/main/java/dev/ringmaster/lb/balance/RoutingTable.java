package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.AliveSet;
import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.Slot;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that routing one attempt needs, at one moment: members, health, ring and policy change together or not at
 * all. Immutable; any thread may read it.
 */
public final class RoutingTable {
    /** Values of the byte by which a new slot's keys are told apart. */
    private static final int WHOLE = 256;
    /** From the mixer <i>rrxmrrxmsx_0</i> of Pelle Evensen; tables multiply by other numbers. */
    private static final long SPREAD = 0x9FB21C651E98DF25L;

    private final long generation;
    private final Distribution distribution;
    private final ConsistentHash<Integer> hash;
    private final AliveSet alive;
    private final List<Replica> serving;
    /** Again, by position: a decision reads arrays. */
    private final Replica[] replicas;

    private final InFlight[] inFlight;
    private final List<Replica> ejected;
    private final double[] shares;
    private final int[] thresholds;
    private final HotKeys hot;
    private final Map<Integer, Double> ramping;
    private final boolean countsKeys;
    private final int[] positions;
    private final boolean recovering;
    private final ReplicaSet pool;
    private final int mostInFlight;
    private final double balanceFactor;

    /** A table in which every slot takes its whole share, and no key is hot. */
    RoutingTable(long generation, Distribution distribution, ConsistentHash<Integer> hash, ReplicaSet set) {
        this(generation, distribution, hash, set, new Passing(Map.of(), HotKeys.NONE));
    }

    RoutingTable(
            long generation, Distribution distribution, ConsistentHash<Integer> hash, ReplicaSet set, Passing passing) {
        this.generation = generation;
        this.distribution = distribution;
        this.hash = hash;
        this.pool = set;
        this.mostInFlight = distribution.options().tuning().mostInFlight();
        this.balanceFactor = distribution.options().tuning().balanceFactor();
        this.serving = set.serving();
        this.replicas = serving.toArray(Replica[]::new);
        this.inFlight = serving.stream().map(Replica::inFlight).toArray(InFlight[]::new);
        this.ejected = set.ejected();
        this.shares = shares(set, passing.parts());
        this.thresholds = thresholds(set, passing.parts());
        this.hot = passing.hot();
        this.ramping = passing.parts();
        this.countsKeys = distribution.findsHotKeys();
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

    /**
     * What passes.
     *
     * @param parts by slot number, the part of its share that a slot may take that is new, between 0 and 1
     */
    record Passing(Map<Integer, Double> parts, HotKeys hot) {
        Passing {
            parts = Map.copyOf(parts);
        }
    }

    private static double[] shares(ReplicaSet set, Map<Integer, Double> parts) {
        double[] weights = set.slots().stream()
                .filter(slot -> slot.serving() != null)
                .mapToDouble(slot -> slot.weight() * parts.getOrDefault(slot.index(), 1.0))
                .toArray();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    /** Empty if every slot takes its whole share. */
    private static int[] thresholds(ReplicaSet set, Map<Integer, Double> parts) {
        return parts.isEmpty()
                ? new int[0]
                : set.serving().stream()
                        .mapToInt(replica -> (int) Math.round(WHOLE * parts.getOrDefault(replica.slot(), 1.0)))
                        .toArray();
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

    /** How many serve. */
    int size() {
        return replicas.length;
    }

    /** The replica at {@code position} in {@link #serving}. */
    Replica replica(int position) {
        return replicas[position];
    }

    /** Requests in flight to the serving replica at {@code position}, over all loops. */
    long inFlight(int position) {
        return inFlight[position].sum();
    }

    /** Requests in flight to all replicas that serve, over all loops. */
    long inFlight() {
        InFlight[] all = inFlight;
        long sum = 0;
        for (InFlight one : all) {
            sum += one.sum();
        }
        return sum;
    }

    /** A replica that is ejected, not among these, and below its limit: the last resort; null if there is none. */
    @Nullable
    Replica lastResort(Collection<Replica> tried) {
        for (Replica replica : ejected) {
            if (!tried.contains(replica) && !isFull(replica)) {
                return replica;
            }
        }
        return null;
    }

    /** What the weight of the serving replica at {@code position} entitles it to: its part of the whole, 0 to 1. */
    public double share(int position) {
        return shares[position];
    }

    /**
     * Whether the serving replica at {@code position} takes that key, if it is one of its own. A new one takes more and
     * more of them, told apart by a byte of the key that no table goes by, so that each key moves to it once.
     */
    boolean takes(int position, long key) {
        return thresholds.length == 0 || spare(key) < thresholds[position];
    }

    private static int spare(long key) {
        long mixed = (key ^ (key >>> 32)) * SPREAD;
        return (int) (mixed ^ (mixed >>> 29)) & (WHOLE - 1);
    }

    /** Part of its share that the serving replica at {@code position} may take: below 1 while it is new. */
    double part(int position) {
        return thresholds.length == 0 ? 1 : (double) thresholds[position] / WHOLE;
    }

    /** Whether the keys of requests are to be counted. */
    boolean countsKeys() {
        return countsKeys;
    }

    /** Part of its share that a slot may take, by slot number, of those whose replicas are new. */
    public Map<Integer, Double> ramping() {
        return ramping;
    }

    /** The keys that one slot is too little for. */
    HotKeys hotKeys() {
        return hot;
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

    /** Whether a replica has as many requests in flight as it may have. */
    boolean isFull(Replica replica) {
        return replica.inFlight().sum() >= mostInFlight;
    }

    /** How many times its share of all requests in flight a replica may have; 0 if there is no such bound. */
    double balanceFactor() {
        return balanceFactor;
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
