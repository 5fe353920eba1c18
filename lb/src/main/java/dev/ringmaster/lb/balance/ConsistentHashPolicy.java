package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.lb.replica.Replica;
import org.jspecify.annotations.Nullable;

/** Sends a key to its home slot, and on from there in the key's own order of preference. */
final class ConsistentHashPolicy implements BalancingPolicy, Candidates {
    private @Nullable ConsistentHash<Integer> hash;
    private dev.ringmaster.hashing.@Nullable Candidates<Integer> order;
    private @Nullable RoutingTable table;

    @Override
    @SuppressWarnings("ReferenceEquality") // a cursor belongs to one hash object
    public Candidates candidates(long key, RoutingTable current) {
        dev.ringmaster.hashing.Candidates<Integer> walk = order;
        if (walk == null || hash != current.hash()) {
            hash = current.hash();
            walk = current.hash().candidates();
            order = walk;
        }
        table = current;
        walk.reset(key);
        return this;
    }

    @Override
    public @Nullable Replica next() {
        RoutingTable current = table;
        if (current == null || order == null || current.serving().isEmpty()) {
            return null;
        }
        int index = order.nextIndex(current.alive());
        return index < 0 ? null : current.atHashIndex(index);
    }
}
