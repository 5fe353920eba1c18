package dev.ringmaster.lb.cli.load;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts outcomes while they happen. Times are of the nanosecond clock; the event loop alone writes. */
final class LoadRecorder {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final LoadObserver observer;
    private final Histogram latencies = new Histogram(TimeUnit.HOURS.toMicros(1), SIGNIFICANT_DIGITS);
    private final Map<LoadFailure, Long> failures = new EnumMap<>(LoadFailure.class);
    private final Map<String, Long> replicas = new HashMap<>();
    private long start;
    private long ok;
    private long lastOutcome;
    private long lastAnswer;
    private long longestGap;
    private long latestSend;
    private boolean answered;
    /** For the thread that shows progress. */
    private volatile long outcomes;

    LoadRecorder(LoadObserver observer) {
        this.observer = observer;
    }

    /** Starts the clock. */
    void begin(long now) {
        start = now;
        lastOutcome = now;
    }

    long outcomes() {
        return outcomes;
    }

    void sent(long intended, long now) {
        latestSend = Math.max(latestSend, now - intended);
    }

    void ok(long intended, long now, String replica) {
        ok++;
        observer.answered(intended, now);
        latencies.recordValue(Math.min(latencies.getHighestTrackableValue(), (now - intended) / 1_000));
        if (!replica.isEmpty()) {
            replicas.merge(replica, 1L, Long::sum);
        }
        answer(now);
        outcome(now);
    }

    void failed(LoadFailure failure, long now) {
        failures.merge(failure, 1L, Long::sum);
        if (failure == LoadFailure.STATUS_4XX || failure == LoadFailure.STATUS_5XX) {
            answer(now);
        }
        outcome(now);
    }

    private void answer(long now) {
        if (answered) {
            longestGap = Math.max(longestGap, now - lastAnswer);
        }
        answered = true;
        lastAnswer = now;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void outcome(long now) {
        lastOutcome = now;
        outcomes++;
    }

    LoadReport report(boolean interrupted) {
        SortedMap<LoadFailure, Long> everyFailure = new TreeMap<>();
        for (LoadFailure failure : LoadFailure.values()) {
            everyFailure.put(failure, failures.getOrDefault(failure, 0L));
        }
        return new LoadReport(
                ok,
                everyFailure,
                Duration.ofNanos(lastOutcome - start),
                Latencies.of(latencies),
                Duration.ofNanos(longestGap),
                Duration.ofNanos(latestSend),
                new TreeMap<>(replicas),
                interrupted);
    }
}
