package dev.ringmaster.bench.compare;

import dev.ringmaster.lb.cli.load.Latencies;
import dev.ringmaster.lb.cli.load.LoadObserver;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Latencies of a turn without its first half a second, which dialling is part of; read when the load has ended. */
final class TurnLatencies implements LoadObserver {
    static final long RUN_IN = 500_000_000;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final double PERCENT = 100;

    private final Standstills standstills;
    private final long begin;
    private final Histogram all = histogram();
    private final Histogram spared = histogram();

    /** @param begin of the turn, as the nanosecond clock has it */
    TurnLatencies(Standstills standstills, long begin) {
        this.standstills = standstills;
        this.begin = begin;
    }

    private static Histogram histogram() {
        return new Histogram(TimeUnit.HOURS.toMicros(1), SIGNIFICANT_DIGITS);
    }

    @Override
    public void answered(long due, long now) {
        if (due - begin < RUN_IN) {
            return;
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(now - due);
        all.recordValue(micros);
        if (standstills.spared(due)) {
            spared.recordValue(micros);
        }
    }

    /** Without those that met no standstill where all did. */
    Map<Figure, Double> figures() {
        double share = (double) (all.getTotalCount() - spared.getTotalCount()) / Math.max(1, all.getTotalCount());
        Map<String, Double> millis = Latencies.of(all).millis();
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.P50, millis.get("p50"));
        figures.put(Figure.P99, millis.get("p99"));
        figures.put(Figure.P999, millis.get("p99.9"));
        figures.put(Figure.STANDSTILL, PERCENT * share);
        if (spared.getTotalCount() > 0) {
            figures.put(Figure.SPARED, Latencies.of(spared).millis().get("p99"));
        }
        return figures;
    }
}
