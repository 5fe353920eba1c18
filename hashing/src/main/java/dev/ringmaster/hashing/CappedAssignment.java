package dev.ringmaster.hashing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Matches buckets and nodes for {@link CappedRendezvous} by deferred acceptance (Gale and Shapley 1962).
 *
 * <p>Every bucket asks its first node in {@link RendezvousOrder}. A node that has more than its cap sends away the
 * bucket with the lowest {@linkplain #rank rank}, which then asks its next node, and so on. The preferences of both
 * sides are strict, so the outcome does not depend on who asks first: it is a function of the nodes and weights alone.
 * All caps together exceed the number of buckets, so every bucket finds a node.
 *
 * <p>One pass finds the first three nodes of every bucket, which are all that most need. A heap is kept only for a node
 * that reached its cap.
 */
final class CappedAssignment {
    /** Stands for no node where there are fewer than three; all node indexes are below it. */
    static final int NONE = 0xffff;

    /** What a cap may exceed a whole number by before it counts as the next. */
    private static final double ROUNDING = 1e-9;

    private static final long BUCKET_MASK = (1 << 22) - 1;

    private final RendezvousOrder order;
    private final int[] caps;
    private final int[] held;

    /** By node: the ranks of what it holds, once it has reached its cap. */
    private final @Nullable LongHeap[] heaps;

    private final short[] first;

    /** By bucket: the node that holds it; the first two others in the order. */
    final short[] owners;

    final short[] second;
    final short[] third;

    CappedAssignment(RendezvousOrder order, Members<?> members, HashOptions options) {
        this.order = order;
        int buckets = options.buckets();
        caps = new int[order.size()];
        double total = members.totalWeight();
        for (int i = 0; i < caps.length; i++) {
            double fair = members.weight(i) / total * buckets;
            caps[i] = (int) Math.ceil((1 + options.epsilon()) * fair - ROUNDING);
        }
        held = new int[caps.length];
        heaps = new LongHeap[caps.length];
        first = new short[buckets];
        second = new short[buckets];
        third = new short[buckets];
        owners = new short[buckets];
        Arrays.fill(owners, (short) NONE);
        for (int bucket = 0; bucket < buckets; bucket++) {
            findFirstThree(bucket);
            findOwner(bucket);
        }
        for (int bucket = 0; bucket < buckets; bucket++) {
            if (owners[bucket] != first[bucket]) {
                third[bucket] = owners[bucket] == second[bucket] ? third[bucket] : second[bucket];
                second[bucket] = first[bucket];
            }
        }
    }

    private void findFirstThree(int bucket) {
        int a = NONE;
        int b = NONE;
        int c = NONE;
        long scoreA = 0;
        long scoreB = 0;
        long scoreC = 0;
        double costA = Double.POSITIVE_INFINITY;
        double costB = Double.POSITIVE_INFINITY;
        double costC = Double.POSITIVE_INFINITY;
        for (int i = 0; i < caps.length; i++) {
            long score = order.score(i, bucket);
            double cost = order.cost(i, score);
            if (RendezvousOrder.isAhead(cost, score, costA, scoreA)) {
                c = b;
                scoreC = scoreB;
                costC = costB;
                b = a;
                scoreB = scoreA;
                costB = costA;
                a = i;
                scoreA = score;
                costA = cost;
            } else if (RendezvousOrder.isAhead(cost, score, costB, scoreB)) {
                c = b;
                scoreC = scoreB;
                costC = costB;
                b = i;
                scoreB = score;
                costB = cost;
            } else if (RendezvousOrder.isAhead(cost, score, costC, scoreC)) {
                c = i;
                scoreC = score;
                costC = cost;
            }
        }
        first[bucket] = (short) a;
        second[bucket] = (short) b;
        third[bucket] = (short) c;
    }

    /** Lets a bucket ask, and then whichever bucket that displaces, until none is displaced. */
    private void findOwner(int bucket) {
        int asking = bucket;
        int node = first[bucket] & NONE;
        while (true) {
            owners[asking] = (short) node;
            LongHeap heap = heaps[node];
            if (heap != null) {
                heap.add(rank(node, asking));
            } else if (held[node] < caps[node]) {
                held[node]++;
                return;
            } else {
                heap = heapOf(node);
                heaps[node] = heap;
            }
            asking = (int) (BUCKET_MASK - (heap.removeLeast() & BUCKET_MASK));
            node = following(asking, node);
        }
    }

    private LongHeap heapOf(int node) {
        LongHeap heap = new LongHeap();
        for (int bucket = 0; bucket < owners.length; bucket++) {
            if ((owners[bucket] & NONE) == node) {
                heap.add(rank(node, bucket));
            }
        }
        return heap;
    }

    /** How much {@code node} wants {@code bucket}: the high bits of the score, then the lower number. */
    private long rank(int node, int bucket) {
        return (order.score(node, bucket) & ~BUCKET_MASK) | (BUCKET_MASK - bucket);
    }

    private int following(int bucket, int node) {
        if (node == (first[bucket] & NONE)) {
            return second[bucket] & NONE;
        }
        return node == (second[bucket] & NONE) ? third[bucket] & NONE : order.firstAfter(bucket, node);
    }
}
