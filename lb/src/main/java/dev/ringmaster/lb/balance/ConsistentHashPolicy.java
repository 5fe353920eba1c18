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
    private int[] full = new int[0];
    private int putOff;
    private int takenUp;
    private long key;
    /** Where a hot key's request goes before all others; -1 for a cold one. */
    private int first;

    private boolean firstGiven;

    ConsistentHashPolicy(LoopLoad load) {
        this.load = load;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a cursor belongs to one hash object
    public Candidates candidates(long keyHash, RoutingTable current) {
        dev.ringmaster.hashing.Candidates<Integer> walk = order;
        if (walk == null || hash != current.hash()) {
            hash = current.hash();
            walk = current.hash().candidates();
            order = walk;
            full = new int[current.hash().nodes().size()];
        }
        table = current;
        key = keyHash;
        putOff = 0;
        takenUp = 0;
        load.decide();
        double need = current.hotKeys().need(key);
        first = need > 0 ? amongSlots(current, walk.reset(key), need) : -1;
        firstGiven = false;
        walk.reset(key);
        return this;
    }

    /** Of a hot key's slots the first with less than its fair part of the load; if there is none, the least busy. */
    private int amongSlots(RoutingTable current, dev.ringmaster.hashing.Candidates<Integer> walk, double need) {
        long total = load.total(current);
        double left = need;
        int least = -1;
        double leastBusy = Double.POSITIVE_INFINITY;
        for (int index = walk.nextIndex(current.alive()); index >= 0; index = walk.nextIndex(current.alive())) {
            int position = current.positionOf(index);
            if (!current.takes(position, key)) {
                continue;
            }
            double share = current.share(position);
            long inFlight = current.inFlight(position);
            if (inFlight < Math.ceil(total * share)) {
                return position;
            }
            if (inFlight / share < leastBusy) {
                least = position;
                leastBusy = inFlight / share;
            }
            left -= share;
            if (HotKeys.met(left)) {
                break;
            }
        }
        return least;
    }

    @Override
    public @Nullable Replica next() {
        RoutingTable current = table;
        if (current == null || order == null || current.size() == 0) {
            return null;
        }
        if (first >= 0 && !firstGiven) {
            firstGiven = true;
            if (hasRoom(current, first)) {
                return current.replica(first);
            }
            first = -1;
        }
        for (int index = order.nextIndex(current.alive()); index >= 0; index = order.nextIndex(current.alive())) {
            int position = current.positionOf(index);
            if (position == first) {
                continue;
            }
            if (current.takes(position, key) && hasRoom(current, position)) {
                return current.replica(position);
            }
            full[putOff++] = position;
        }
        return takenUp == putOff ? null : current.replica(full[takenUp++]);
    }

    private boolean hasRoom(RoutingTable current, int position) {
        long inFlight = current.inFlight(position);
        // Nobody's bound is lower than one and the slack, so mostly the total need not be known.
        return inFlight <= SLACK || inFlight < bound(current, position, load);
    }

    /** Most requests in flight of the replica at that place, one more among them; infinite if there is no bound. */
    static double bound(RoutingTable table, int position, LoopLoad load) {
        double factor = table.balanceFactor();
        return factor == 0
                ? Double.POSITIVE_INFINITY
                : Math.ceil(factor * load.total(table) * table.share(position)) + SLACK;
    }
}
