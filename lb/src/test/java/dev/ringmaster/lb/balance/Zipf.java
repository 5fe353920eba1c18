package dev.ringmaster.lb.balance;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Keys of which the k-th is asked for in proportion to 1/k^s. */
final class Zipf {
    private final double[] upTo;

    Zipf(int keys, double exponent) {
        upTo = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += Math.pow(rank + 1, -exponent);
            upTo[rank] = sum;
        }
    }

    long key(SplittableRandom random) {
        int place = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return hash(place < 0 ? -place - 1 : place);
    }

    /** Hash of the key of that rank, from 0. */
    static long hash(int rank) {
        return new SplittableRandom(rank).nextLong();
    }
}
