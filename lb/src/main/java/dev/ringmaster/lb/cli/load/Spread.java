package dev.ringmaster.lb.cli.load;

import java.util.Collection;

/** How evenly counts are spread: all zero where there are none. */
public record Spread(double mean, double standardDeviation, double peakToMean) {
    static Spread of(Collection<Long> counts) {
        double mean = counts.stream().mapToLong(Long::longValue).average().orElse(0);
        if (mean == 0) {
            return new Spread(0, 0, 0);
        }
        double variance = counts.stream()
                .mapToDouble(count -> (count - mean) * (count - mean))
                .average()
                .orElse(0);
        long peak = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        return new Spread(mean, Math.sqrt(variance), peak / mean);
    }
}
