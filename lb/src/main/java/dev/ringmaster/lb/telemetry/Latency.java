package dev.ringmaster.lb.telemetry;

import java.util.Arrays;

/** The fixed buckets of the latency histogram: cells for each bucket, for what lies above, and for the sum in nanos. */
final class Latency {
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };
    private static final long[] NANOS = Arrays.stream(BOUNDS)
            .mapToLong(seconds -> Math.round(seconds * 1e9))
            .toArray();

    static final int SUM = BOUNDS.length + 1;
    static final int CELLS = SUM + 1;

    private Latency() {}

    /** Cell of a duration: the first whose bound is not below it. Short ones, the usual case, are found first. */
    static int bucket(long nanos) {
        int bucket = 0;
        while (bucket < NANOS.length && nanos > NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** Upper bounds in seconds, the last one infinite. */
    static double[] bounds() {
        double[] bounds = Arrays.copyOf(BOUNDS, BOUNDS.length + 1);
        bounds[BOUNDS.length] = Double.POSITIVE_INFINITY;
        return bounds;
    }
}
