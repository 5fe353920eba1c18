package dev.ringmaster.lb.cli.load;

import java.time.Duration;
import java.util.SortedMap;

/**
 * What came of a load.
 *
 * @param ok requests that were answered as they should
 * @param failures the others by kind, every kind present
 * @param wall from the first request's moment to the last outcome
 * @param latencies of the good answers, counted from each request's intended moment
 * @param longestGap between two complete answers in a row
 * @param latestSend the most that a request left behind its intended moment: for want of a connection, or of processor
 * @param replicas good answers by the replica that greeted
 * @param interrupted whether it was ended before its last request
 */
public record LoadReport(
        long ok,
        SortedMap<LoadFailure, Long> failures,
        Duration wall,
        Latencies latencies,
        Duration longestGap,
        Duration latestSend,
        SortedMap<String, Long> replicas,
        boolean interrupted) {
    private static final double NANOS_A_SECOND = 1e9;

    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests with an outcome. */
    public long requests() {
        return ok + failed();
    }

    public double seconds() {
        return wall.toNanos() / NANOS_A_SECOND;
    }

    /** Outcomes a second. */
    public double rate() {
        return wall.isZero() ? 0 : requests() / seconds();
    }

    public Spread spread() {
        return Spread.of(replicas.values());
    }
}
