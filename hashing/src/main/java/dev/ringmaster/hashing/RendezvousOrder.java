package dev.ringmaster.hashing;

/**
 * The weighted rendezvous order (Thaler and Ravishankar 1998) of the nodes for a point: a key's hash, or the number of
 * a bucket.
 *
 * <p>A node's <i>score</i> for a point is a hash of both, uniform over the non-negative longs. Its <i>cost</i> is the
 * negative logarithm of the score as a fraction of 1, divided by its weight: the least of such exponential variables is
 * a node's with a probability in proportion to its weight.
 * The lower cost comes first, then the higher score, then the lower index. The cost never rises with the score, so with
 * equal weights the order is that of the scores alone and no logarithm is needed.
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
        return Mixing.mix(seeds[index] ^ point) >>> 1;
    }

    /** What an order by cost, then by falling score, then by index needs to know of a node with this score. */
    double cost(int index, long score) {
        return equalWeights ? 0 : NegativeLog.of(score) * inverseWeights[index];
    }

    /** The first node for {@code point}, or -1 if there are no nodes. */
    int first(long point) {
        return firstAfter(point, -1);
    }

    /** The node that follows {@code previous} (-1: none) in the order for {@code point}, or -1. */
    int firstAfter(long point, int previous) {
        long previousScore = previous < 0 ? Long.MAX_VALUE : score(previous, point);
        double previousCost = previous < 0 ? -1 : cost(previous, previousScore);
        int best = -1;
        long bestScore = -1;
        double bestCost = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seeds.length; i++) {
            long score = score(i, point);
            double cost = cost(i, score);
            boolean late = cost > previousCost
                    || (cost == previousCost && (score < previousScore || (score == previousScore && i > previous)));
            if (late && isAhead(cost, score, bestCost, bestScore)) {
                best = i;
                bestScore = score;
                bestCost = cost;
            }
        }
        return best;
    }

    /** Whether a node comes before another one of a lower index. */
    static boolean isAhead(double cost, long score, double otherCost, long otherScore) {
        return cost < otherCost || (cost == otherCost && score > otherScore);
    }
}
