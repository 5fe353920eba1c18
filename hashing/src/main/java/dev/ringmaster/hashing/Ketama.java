package dev.ringmaster.hashing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A ring of points drawn from the nodes' identities; see {@link ConsistentHashes#ketama}. */
final class Ketama<N> extends MemberHash<N> {
    /** What the ring may have before it gets fewer points for the same weights; up to one a node more by rounding. */
    static final int MOST_POINTS = 1 << 20;

    private final HashOptions options;

    /** The points in rising order, and the index of the node that each belongs to. */
    private final long[] points;

    private final int[] ring;

    private record Point(long at, int index) {}

    Ketama(HashOptions options, Members<N> members) {
        super(members.sorted());
        this.options = options;
        double unit = Math.min(options.ketamaVirtualNodes(), MOST_POINTS / this.members.totalWeight());
        List<Point> drawn = new ArrayList<>();
        for (int i = 0; i < this.members.size(); i++) {
            long seed = Mixing.seed(this.members.identity(i));
            long count = Math.max(1, Math.round(unit * this.members.weight(i)));
            for (int j = 0; j < count; j++) {
                drawn.add(new Point(Mixing.mix(seed + Mixing.spread(j)), i));
            }
        }
        drawn.sort(Comparator.comparingLong(Point::at).thenComparingInt(Point::index));
        points = drawn.stream().mapToLong(Point::at).toArray();
        ring = drawn.stream().mapToInt(Point::index).toArray();
    }

    /** How many points there are. */
    int size() {
        return points.length;
    }

    @Override
    public int ownerIndex(long keyHash) {
        requireNodes();
        return ring[placeOf(keyHash)];
    }

    /** The first point that is not below the key's, or the first of all. */
    private int placeOf(long keyHash) {
        long key = Mixing.spread(keyHash);
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == points.length ? 0 : low;
    }

    @Override
    public Candidates<N> candidates() {
        return new RingWalk<>(nodes(), ring, this::placeOf);
    }

    @Override
    public ConsistentHash<N> with(N node, double weight) {
        return new Ketama<>(options, members.plus(node, weight));
    }

    @Override
    public ConsistentHash<N> without(N node) {
        return new Ketama<>(options, members.minus(members.indexOf(node)));
    }
}
