package dev.ringmaster.bench.compare;

import java.util.List;

/** Median and quartiles of a few figures. */
record Statistics(int count, double low, double median, double high) {
    private static final double LOW = 0.25;
    private static final double HIGH = 0.75;

    /** NaN of none. */
    static Statistics of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return new Statistics(
                sorted.size(), quantile(sorted, LOW), quantile(sorted, (LOW + HIGH) / 2), quantile(sorted, HIGH));
    }

    private static double quantile(List<Double> sorted, double share) {
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    /** Such as "0.84 (0.82–0.86)"; a dash of none, and how many they are if some are missing. */
    String told(String format, int blocks) {
        if (count == 0) {
            return "–";
        }
        String text = (format + " (" + format + "–" + format + ")").formatted(median, low, high);
        return count == blocks ? text : text + ", %d of %d blocks".formatted(count, blocks);
    }
}
