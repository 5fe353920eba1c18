package dev.ringmaster.it.harness;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Keys as clients name them: one with a part of all requests, the others by Zipf's law. */
public final class SkewedKeys {
    /** How many there are beside the hot one. */
    public static final int COUNT = 10_000;

    public static final String HOT = "hot";
    private static final double EXPONENT = 1.1;

    private final double[] upTo = new double[COUNT];
    private final double hotPart;

    /** @param hotPart of all requests, what the hot key has */
    public SkewedKeys(double hotPart) {
        this.hotPart = hotPart;
        double sum = 0;
        for (int rank = 0; rank < COUNT; rank++) {
            sum += Math.pow(rank + 1, -EXPONENT);
            upTo[rank] = sum;
        }
    }

    /** The key of a rank, from 0, the most frequent one. */
    public static String key(int rank) {
        return "k" + rank;
    }

    /** The next request's key. */
    public String next(SplittableRandom random) {
        if (random.nextDouble() < hotPart) {
            return HOT;
        }
        int place = Arrays.binarySearch(upTo, random.nextDouble() * upTo[COUNT - 1]);
        return key(place < 0 ? -place - 1 : place);
    }
}
