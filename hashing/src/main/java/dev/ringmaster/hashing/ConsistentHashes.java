package dev.ringmaster.hashing;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The algorithms, as named factories.
 *
 * <p>All take the function from a node to its identity, a {@code long} that is the node's own for as long as it lives:
 * it alone is hashed, and two nodes with one identity are the same node.
 */
public final class ConsistentHashes {
    private static final List<String> NAMES = List.of("rendezvous");

    private ConsistentHashes() {}

    /**
     * Highest random weight without a table: exact shares by weight, the least possible moves, O(n) a lookup. The
     * result depends on the set of nodes and weights alone.
     */
    public static <N> ConsistentHash<N> rendezvous(ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return new Rendezvous<>(Members.of(identity, nodes, _ -> 1));
    }

    /** The algorithm called {@code algorithm} over nodes of weight 1; see the overload with weights. */
    public static <N> ConsistentHash<N> named(
            String algorithm, HashOptions options, ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named(algorithm, options, identity, nodes, _ -> 1);
    }

    /**
     * The algorithm called {@code algorithm} over {@code nodes}.
     *
     * @throws IllegalArgumentException if there is no such algorithm (the message lists the names), if a node comes
     *     twice, or if the algorithm cannot take a weight or that many nodes
     */
    public static <N> ConsistentHash<N> named(
            String algorithm,
            HashOptions options,
            ToLongFunction<? super N> identity,
            Collection<? extends N> nodes,
            ToDoubleFunction<? super N> weight) {
        Members<N> members = Members.of(identity, nodes, weight);
        return switch (algorithm) {
            case "rendezvous" -> new Rendezvous<>(members);
            default -> throw new IllegalArgumentException("Unknown algorithm '" + algorithm + "', known are " + NAMES);
        };
    }

    /** The names that {@link #named} takes, the default first. */
    public static List<String> names() {
        return NAMES;
    }
}
