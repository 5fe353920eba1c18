package dev.ringmaster.bench.compare;

import java.util.List;

/**
 * Median and quartiles of a few figures, and how far the median can be trusted.
 *
 * @param count of the figures that are finite; the others are part of all that follows
 * @param from with 95 % confidence no greater than the median of any number of blocks; of fewer than {@link #SURE_FROM}
 *     figures, which cannot say that much, the least of them
 * @param to with 95 % confidence no less, or the greatest
 */
record Statistics(int count, double low, double median, double high, double from, double to) {
    /** So many figures are the fewest that lie on both sides of the median in 95 of 100 cases. */
    static final int SURE_FROM = 6;

    private static final double LOW = 0.25;
    private static final double HIGH = 0.75;
    private static final double ERROR = 0.05;

    /** NaN of none. */
    static Statistics of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int outside = outside(sorted.size());
        return new Statistics(
                (int) sorted.stream().filter(Double::isFinite).count(),
                quantile(sorted, LOW),
                quantile(sorted, (LOW + HIGH) / 2),
                quantile(sorted, HIGH),
                sorted.isEmpty() ? Double.NaN : sorted.get(outside),
                sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() - 1 - outside));
    }

    private static double quantile(List<Double> sorted, double share) {
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        double part = place - below;
        return part == 0 ? sorted.get(below) : (1 - part) * sorted.get(below) + part * sorted.get(above);
    }

    /**
     * How many figures to leave out on either side so that the rest still encloses the median, with an error of at most
     * 5 %. A figure is below the median as often as above, whatever the distribution, so the number of those below is
     * binomial (David and Nagaraja, Order Statistics, 7.1).
     */
    private static int outside(int count) {
        int outside = -1; // not even all of them enclose it so surely
        double exactly = 2 * Math.pow(1.0 / 2, count); // that none is below, or none above
        double error = exactly;
        while (error <= ERROR) {
            outside++;
            exactly *= (double) (count - outside) / (outside + 1);
            error += exactly;
        }
        return Math.max(0, outside);
    }

    /** Such as "0.84 (0.82–0.86)", with quartiles; a dash of none, and how many they are if some are missing. */
    String told(String format, int blocks) {
        return text(format, low, high, blocks);
    }

    /** As {@link #told}, but with the interval in which the median is. */
    String toldSurely(String format, int blocks) {
        return text(format, from, to, blocks);
    }

    private String text(String format, double least, double most, int blocks) {
        if (count == 0) {
            return "–";
        }
        String text = (format + " (" + format + "–" + format + ")").formatted(median, least, most);
        return count == blocks ? text : text + ", %d of %d blocks".formatted(count, blocks);
    }
}
