package dev.ringmaster.hashing;

/**
 * The weighted rendezvous order (Thaler and Ravishankar 1998) of the nodes for a point: a key's hash, or the number of
 * a bucket.
 *
 * <p>A node's <i>score</i> for a point is a hash of both, uniform over the longs and for one point never that of another
 * node. Its <i>cost</i> is the negative logarithm of the score as a fraction of the range, divided by its weight: the
 * least of such exponential variables is a node's with a probability in proportion to its weight. The lower cost comes
 * first, then the higher score. The cost never rises with the score, so with equal weights the order is that of the
 * scores alone and no logarithm is needed.
 */
final class RendezvousOrder {
    private final long[] seeds;
    private final double[] inverseWeights;
    private final boolean equalWeights;

    RendezvousOrder(Members<?> members) {
        equalWeights = members.equalWeights();
        seeds = new long[members.size()];
        inverseWeights = new double[members.size()];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = Mixing.seed(members.identity(i));
            inverseWeights[i] = 1 / members.weight(i);
        }
    }

    int size() {
        return seeds.length;
    }

    long score(int index, long point) {
        return Mixing.mix(seeds[index] ^ point);
    }

    /** The cost of a node with this score; 0 for all where it would change nothing. */
    double cost(int index, long score) {
        return equalWeights ? 0 : NegativeLog.of(score) * inverseWeights[index];
    }

    /** The first node for {@code point}, or -1 if there are no nodes. */
    int first(long point) {
        return firstAfter(point, -1);
    }

    /** The node that follows {@code previous} (-1: none) in the order for {@code point}, or -1. */
    int firstAfter(long point, int previous) {
        long previousScore = previous < 0 ? 0 : score(previous, point);
        double previousCost = previous < 0 ? -1 : cost(previous, previousScore);
        int best = -1;
        long bestScore = 0;
        double bestCost = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seeds.length; i++) {
            long score = score(i, point);
            double cost = cost(i, score);
            boolean late = cost > previousCost || (cost == previousCost && score < previousScore);
            if (late && isAhead(cost, score, bestCost, bestScore)) {
                best = i;
                bestScore = score;
                bestCost = cost;
            }
        }
        return best;
    }

    /** Whether a node comes before another one. */
    static boolean isAhead(double cost, long score, double otherCost, long otherScore) {
        return cost < otherCost || (cost == otherCost && score > otherScore);
    }
}
