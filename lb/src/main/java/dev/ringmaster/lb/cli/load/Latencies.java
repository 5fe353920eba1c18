package dev.ringmaster.lb.cli.load;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.HdrHistogram.Histogram;

/** Latency percentiles in milliseconds under their names, in rising order; {@code max} is the last. */
public record Latencies(SequencedMap<String, Double> millis) {
    private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9};
    private static final double MICROS_A_MILLI = 1e3;

    /**
     * Reads a histogram.
     *
     * @param micros recorded in microseconds; empty gives zeros
     */
    public static Latencies of(Histogram micros) {
        SequencedMap<String, Double> millis = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            String name = "p" + (percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile);
            millis.put(name, micros.getValueAtPercentile(percentile) / MICROS_A_MILLI);
        }
        millis.put("max", micros.getMaxValue() / MICROS_A_MILLI);
        return new Latencies(millis);
    }
}
