package dev.ringmaster.hashing;

import java.util.List;

/**
 * An immutable assignment of every 64-bit key hash to one of a set of weighted nodes, its <i>home</i>, and to an order
 * of preference over all of them.
 *
 * <p>Instances come from {@link ConsistentHashes}. {@link #with} and {@link #without} give a new instance and leave
 * this one as it is, so that one may be published to any number of threads through a single volatile field. Liveness is
 * no part of an instance: a node that is down stays a member, and {@link Candidates#nextIndex(AliveSet)} passes it over.
 *
 * <p>Nodes have an <i>index</i> from 0 to {@code nodes().size() - 1}, valid for this instance only.
 *
 * @param <N> a node, known to the hash by the {@code long} identity that the factory was given
 */
public interface ConsistentHash<N> {

    /** The members in index order; unmodifiable. */
    List<N> nodes();

    /** The weight of the node at {@code index}: its share is its weight divided by the sum of all. */
    double weight(int index);

    /**
     * The index of the home of {@code keyHash}, whether that node is up or not.
     *
     * @throws IllegalStateException if there are no nodes
     */
    int ownerIndex(long keyHash);

    /**
     * The home of {@code keyHash}, whether that node is up or not.
     *
     * @throws IllegalStateException if there are no nodes
     */
    default N owner(long keyHash) {
        return nodes().get(ownerIndex(keyHash));
    }

    /** A new cursor over this instance; allocate one a thread and {@linkplain Candidates#reset reset} it for each key. */
    Candidates<N> candidates();

    /**
     * This set of nodes and {@code node}. A table is built anew each time: where the result depends on the set alone,
     * several changes are cheaper made at once, by the factory.
     *
     * @param weight between 0.001 and 1000; algorithms without weights take 1 only
     * @throws IllegalArgumentException if the node is present, or the weight or one more node cannot be taken
     */
    ConsistentHash<N> with(N node, double weight);

    /** This set of nodes and {@code node} with weight 1; see {@link #with(Object, double)}. */
    default ConsistentHash<N> with(N node) {
        return with(node, 1);
    }

    /**
     * This set of nodes less {@code node}.
     *
     * @throws IllegalArgumentException if the node is absent
     */
    ConsistentHash<N> without(N node);
}
