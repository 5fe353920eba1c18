package dev.ringmaster.bench.compare;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/** What one contestant did in one block; a figure that did not count there is missing. */
record Sample(ImmutableMap<Figure, Double> figures) {
    static Sample of(Map<Figure, Double> figures) {
        return new Sample(ImmutableMap.copyOf(figures));
    }

    boolean has(Figure figure) {
        return figures.containsKey(figure);
    }

    /** NaN where it is missing. */
    double get(Figure figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }

    Sample with(Figure figure, double value) {
        return new Sample(ImmutableMap.<Figure, Double>builder()
                .putAll(figures)
                .put(figure, value)
                .buildKeepingLast());
    }
}
