package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.lb.replica.Replica;
import org.jspecify.annotations.Nullable;

/**
 * Sends a key to its home slot, and on from there in the key's own order of preference. Replicas that have their fair
 * share of the load and more are put off to the end of the order, so that a key spills to its own next candidates, and
 * goes home where all are over the bound.
 *
 * <p>The bound is that of Mirrokni, Thorup and Zadimoghaddam, <i>Consistent Hashing with Bounded Loads</i> (2016), with
 * some slack for small counts: {@code ceil(c * (m + 1) * share) + slack} requests in flight, this one among them.
 */
final class ConsistentHashPolicy implements BalancingPolicy, Candidates {
    /** Random arrivals alone put a replica of few requests over a bare bound: 9 to 33 % of uniform traffic would spill. */
    static final int SLACK = 8;

    private final LoopLoad load;
    private @Nullable ConsistentHash<Integer> hash;
    private dev.ringmaster.hashing.@Nullable Candidates<Integer> order;
    private @Nullable RoutingTable table;
    private double entitled;
    private int[] full = new int[0];
    private int putOff;
    private int takenUp;

    ConsistentHashPolicy(LoopLoad load) {
        this.load = load;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a cursor belongs to one hash object
    public Candidates candidates(long key, RoutingTable current) {
        dev.ringmaster.hashing.Candidates<Integer> walk = order;
        if (walk == null || hash != current.hash()) {
            hash = current.hash();
            walk = current.hash().candidates();
            order = walk;
            full = new int[current.hash().nodes().size()];
        }
        table = current;
        putOff = 0;
        takenUp = 0;
        entitled = entitled(current, load);
        walk.reset(key);
        return this;
    }

    @Override
    public @Nullable Replica next() {
        RoutingTable current = table;
        if (current == null || order == null || current.serving().isEmpty()) {
            return null;
        }
        for (int index = order.nextIndex(current.alive()); index >= 0; index = order.nextIndex(current.alive())) {
            int position = current.positionOf(index);
            Replica replica = current.serving().get(position);
            if (replica.inFlight().sum() < bound(entitled, current.share(position))) {
                return replica;
            }
            full[putOff++] = position;
        }
        return takenUp == putOff ? null : current.serving().get(full[takenUp++]);
    }

    private static double entitled(RoutingTable table, LoopLoad load) {
        double factor = table.distribution().options().tuning().balanceFactor();
        return factor == 0 ? Double.POSITIVE_INFINITY : factor * (load.total(table) + 1);
    }

    private static double bound(double entitled, double share) {
        return Math.ceil(entitled * share) + SLACK;
    }

    /** Most requests in flight of the replica at that place, one more among them; infinite if there is no bound. */
    static double bound(RoutingTable table, int position, LoopLoad load) {
        return bound(entitled(table, load), table.share(position));
    }
}
