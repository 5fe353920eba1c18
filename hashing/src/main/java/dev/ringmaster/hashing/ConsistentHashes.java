package dev.ringmaster.hashing;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The algorithms, as named factories.
 *
 * <p>All take the function from a node to its identity, a {@code long} that is the node's own for as long as it lives:
 * it alone is hashed, and two nodes with one identity are the same node. The factories of one algorithm give every node
 * a weight of 1; {@link #named} and {@link ConsistentHash#with(Object, double)} take other weights.
 *
 * <p>Key hashes are expected to be well mixed ({@link KeyHash} gives such), except for the classic ring. Where the result
 * depends on the set of nodes alone, their index order is that of their identities.
 */
public final class ConsistentHashes {
    private static final List<String> NAMES =
            List.of("capped-rendezvous", "classic", "ketama", "maglev", "jump", "rendezvous");

    private ConsistentHashes() {}

    /**
     * Capped rendezvous, the default: a table of {@link HashOptions#buckets} buckets, each of which ranks the nodes by
     * weighted rendezvous. A node takes at most its fair share and {@link HashOptions#epsilon} more, rounded up to a
     * whole bucket, and those that rank it highest first; the rest go to their next choice. Lookups cost one table
     * access; the peak is bounded, and nearly nothing moves beyond what must. The further candidates of a key are the
     * other nodes in its bucket's order, of which the table holds two; each step beyond them is O(n). The result depends
     * on the set of nodes and weights alone. Takes time in proportion to buckets × nodes to build.
     */
    public static <N> ConsistentHash<N> cappedRendezvous(
            HashOptions options, ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named("capped-rendezvous", options, identity, nodes);
    }

    /**
     * The classic ring. Request {@code i} goes to position {@code i² + 2i + 17}, virtual server {@code j} of server
     * {@code i} takes position {@code i² + j² + 2j + 25} or, on a clash, the next free one that {@link Probing} gives;
     * a request's home is the nearest server clockwise, its own position included, and the other servers follow as they
     * are met. A key hash is taken as the request id itself.
     *
     * <p>{@link ClassicIds} gives each node its server id. Balanced: evenness is the greatest share of all request ids
     * that one server owns. Three or more first nodes on the default ring get 17, 93 and 109, than which no three ids
     * are more even, in the order given; any other node gets the id that is the most even given those present, the
     * lowest of equal ones. Ids and positions of present nodes never change, so the result depends on the history.
     * No weights; room for {@code ringSize / virtualNodes} nodes. Index order is the order of arrival.
     */
    public static <N> ConsistentHash<N> classic(
            HashOptions options, ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named("classic", options, identity, nodes);
    }

    /**
     * A ring of 64-bit points, {@link HashOptions#ketamaVirtualNodes} times its weight for each node; a key's home is
     * the node of the next point, and the others follow as they are met. Where that would be more than 2^20 points, all
     * nodes get fewer in proportion; a change of the total weight then moves a few keys of every node. The result
     * depends on the set of nodes and weights alone.
     */
    public static <N> ConsistentHash<N> ketama(
            HashOptions options, ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named("ketama", options, identity, nodes);
    }

    /**
     * A table of {@link HashOptions#maglevTableSize} entries that the nodes fill in turns, in proportion to their
     * weights: the most even, at the price of more moves. The nodes of the following entries come next. The result
     * depends on the set of nodes and weights alone.
     */
    public static <N> ConsistentHash<N> maglev(
            HashOptions options, ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named("maglev", options, identity, nodes);
    }

    /**
     * Jump consistent hashing: no table and no identities, only the number of nodes and their order, which is the order
     * of arrival. Removal puts the last node in the place of the one that goes, which moves the keys of both. A key's
     * further candidates come from further hashes of it. No weights.
     */
    public static <N> ConsistentHash<N> jump(ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named("jump", HashOptions.defaults(), identity, nodes);
    }

    /**
     * Highest random weight without a table: exact shares by weight, the least possible moves, O(n) a lookup. The
     * result depends on the set of nodes and weights alone.
     */
    public static <N> ConsistentHash<N> rendezvous(ToLongFunction<? super N> identity, Collection<? extends N> nodes) {
        return named("rendezvous", HashOptions.defaults(), identity, nodes);
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
            case "capped-rendezvous" -> new CappedRendezvous<>(options, members);
            case "classic" -> Classic.of(options, members);
            case "ketama" -> new Ketama<>(options, members);
            case "maglev" -> new Maglev<>(options, members);
            case "jump" -> new Jump<>(members);
            case "rendezvous" -> new Rendezvous<>(members);
            default -> throw new IllegalArgumentException("Unknown algorithm '" + algorithm + "', known are " + NAMES);
        };
    }

    /** The names that {@link #named} takes, the default first. */
    public static List<String> names() {
        return NAMES;
    }
}
