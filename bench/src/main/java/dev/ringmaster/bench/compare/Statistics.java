package dev.ringmaster.bench.compare;

import java.util.List;

/** Median and quartiles of a few figures. */
record Statistics(double low, double median, double high) {
    private static final double LOW = 0.25;
    private static final double HIGH = 0.75;

    static Statistics of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return new Statistics(quantile(sorted, LOW), quantile(sorted, (LOW + HIGH) / 2), quantile(sorted, HIGH));
    }

    private static double quantile(List<Double> sorted, double share) {
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    /** Such as "0.84 (0.82–0.86)". */
    String told(String format) {
        return (format + " (" + format + "–" + format + ")").formatted(median, low, high);
    }
}
