package dev.ringmaster.hashing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The nodes of one hash in index order, with identity and weight; immutable, no identity twice. */
final class Members<N> {
    private static final double LEAST_WEIGHT = 0.001;
    private static final double MOST_WEIGHT = 1000;

    private final ToLongFunction<? super N> identify;
    private final List<Member<N>> members;
    private final List<N> nodes;

    private record Member<N>(N node, long identity, double weight) {}

    private Members(ToLongFunction<? super N> identify, List<Member<N>> members) {
        this.identify = identify;
        this.members = members;
        List<N> list = new ArrayList<>();
        Set<Long> identities = new HashSet<>();
        for (Member<N> member : members) {
            list.add(member.node);
            if (!identities.add(member.identity)) {
                throw new IllegalArgumentException("Node " + member.node + " is present already");
            }
        }
        this.nodes = List.copyOf(list);
    }

    static <N> Members<N> of(
            ToLongFunction<? super N> identify, Collection<? extends N> nodes, ToDoubleFunction<? super N> weight) {
        List<Member<N>> members = new ArrayList<>();
        for (N node : nodes) {
            members.add(member(identify, node, weight.applyAsDouble(node)));
        }
        return new Members<>(identify, members);
    }

    private static <N> Member<N> member(ToLongFunction<? super N> identify, N node, double weight) {
        if (!(weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT)) {
            throw new IllegalArgumentException("Weight of node " + node + " must be between 0.001 and 1000: " + weight);
        }
        return new Member<>(node, identify.applyAsLong(node), weight);
    }

    int size() {
        return members.size();
    }

    List<N> nodes() {
        return nodes;
    }

    long identity(int index) {
        return members.get(index).identity;
    }

    double weight(int index) {
        return members.get(index).weight;
    }

    double totalWeight() {
        double total = 0;
        for (Member<N> member : members) {
            total += member.weight;
        }
        return total;
    }

    boolean equalWeights() {
        return members.stream().mapToDouble(Member::weight).distinct().count() <= 1;
    }

    void requireUnitWeights(String algorithm) {
        for (Member<N> member : members) {
            if (member.weight != 1) {
                throw new IllegalArgumentException("The %s algorithm has no weights, node %s came with %s"
                        .formatted(algorithm, member.node, member.weight));
            }
        }
    }

    /** In the order of the identities: the same for the same set, whatever its history. */
    Members<N> sorted() {
        List<Member<N>> list = new ArrayList<>(members);
        list.sort(Comparator.comparingLong(Member::identity));
        return new Members<>(identify, list);
    }

    Members<N> plus(N node, double weight) {
        List<Member<N>> list = new ArrayList<>(members);
        list.add(member(identify, node, weight));
        return new Members<>(identify, list);
    }

    /** Less the node at {@code index}; those behind it move up. */
    Members<N> minus(int index) {
        List<Member<N>> list = new ArrayList<>(members);
        list.remove(index);
        return new Members<>(identify, list);
    }

    /** Less the node at {@code index}; the last takes its place. */
    Members<N> minusWithLast(int index) {
        List<Member<N>> list = new ArrayList<>(members);
        Member<N> last = list.removeLast();
        if (index < list.size()) {
            list.set(index, last);
        }
        return new Members<>(identify, list);
    }

    /** The index of {@code node} by its identity; an {@link IllegalArgumentException} if it is absent. */
    int indexOf(N node) {
        long identity = identify.applyAsLong(node);
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).identity == identity) {
                return i;
            }
        }
        throw new IllegalArgumentException("Node " + node + " is absent");
    }
}
