package dev.ringmaster.hashing;

import java.util.HashMap;
import java.util.Map;

/**
 * How a sample of keys is spread over the nodes of a {@link ConsistentHash}. It speaks of homes: liveness and load, which
 * decide who serves a key, have no part in it.
 */
public final class Spread {
    private final long keys;
    private final long[] counts;

    /** By node: the count that its weight entitles it to. */
    private final double[] fair;

    private Spread(long keys, long[] counts, double[] fair) {
        this.keys = keys;
        this.counts = counts;
        this.fair = fair;
    }

    /**
     * The spread of {@code sample} over {@code hash}.
     *
     * @throws IllegalStateException if there are no nodes
     */
    public static Spread of(ConsistentHash<?> hash, KeySample sample) {
        long[] counts = new long[hash.nodes().size()];
        for (long i = 0; i < sample.size(); i++) {
            counts[hash.ownerIndex(sample.keyHash().applyAsLong(i))]++;
        }
        double[] fair = new double[counts.length];
        double total = totalWeight(hash);
        for (int i = 0; i < fair.length; i++) {
            fair[i] = hash.weight(i) / total * sample.size();
        }
        return new Spread(sample.size(), counts, fair);
    }

    /** How many keys are at home at the node of {@code index}. */
    public long count(int index) {
        return counts[index];
    }

    /** The part of all keys that is at home at the node of {@code index}: 0 to 1. */
    public double share(int index) {
        return (double) counts[index] / keys;
    }

    /** The greatest ratio of a node's count to what its weight entitles it to: 1 is perfectly even. */
    public double peakToMean() {
        double peak = 0;
        for (int i = 0; i < counts.length; i++) {
            peak = Math.max(peak, counts[i] / fair[i]);
        }
        return peak;
    }

    /** The standard deviation of the nodes' counts, each as a ratio to what its weight entitles it to. */
    public double standardDeviation() {
        double squares = 0;
        for (int i = 0; i < counts.length; i++) {
            double deviation = counts[i] / fair[i] - 1;
            squares += deviation * deviation;
        }
        return Math.sqrt(squares / counts.length);
    }

    /**
     * The keys of a sample whose home changed.
     *
     * @param keys how many were looked at
     * @param moved how many have another home
     * @param ideal how many had to move, by the weights before and after
     */
    public record Moves(long keys, long moved, double ideal) {

        /** Moved keys for each that had to; 1 is perfect, and what no key had to do is infinitely bad or not a number. */
        public double ratio() {
            return moved / ideal;
        }
    }

    /** The keys of {@code sample} whose home is not the same node in {@code before} and {@code after}. */
    public static <N> Moves moves(ConsistentHash<N> before, ConsistentHash<N> after, KeySample sample) {
        long moved = 0;
        for (long i = 0; i < sample.size(); i++) {
            long keyHash = sample.keyHash().applyAsLong(i);
            if (!before.owner(keyHash).equals(after.owner(keyHash))) {
                moved++;
            }
        }
        return new Moves(sample.size(), moved, lostShare(before, after) * sample.size());
    }

    /** The sum of what nodes must give away: their share before less their share after, where that is positive. */
    private static <N> double lostShare(ConsistentHash<N> before, ConsistentHash<N> after) {
        Map<N, Double> sharesAfter = new HashMap<>();
        double totalAfter = totalWeight(after);
        for (int i = 0; i < after.nodes().size(); i++) {
            sharesAfter.put(after.nodes().get(i), after.weight(i) / totalAfter);
        }
        double lost = 0;
        double totalBefore = totalWeight(before);
        for (int i = 0; i < before.nodes().size(); i++) {
            double share = before.weight(i) / totalBefore;
            lost += Math.max(0, share - sharesAfter.getOrDefault(before.nodes().get(i), 0.0));
        }
        return lost;
    }

    private static double totalWeight(ConsistentHash<?> hash) {
        double total = 0;
        for (int i = 0; i < hash.nodes().size(); i++) {
            total += hash.weight(i);
        }
        return total;
    }
}
