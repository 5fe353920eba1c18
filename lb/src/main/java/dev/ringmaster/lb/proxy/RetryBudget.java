package dev.ringmaster.lb.proxy;

import java.util.concurrent.TimeUnit;

/**
 * How many attempts beyond the first one event loop may make: a token bucket, so that a total outage cannot multiply the
 * load on what is left. Every first attempt brings 0.2 tokens and every second 10 over all loops; the bucket holds as many
 * as the most requests in flight of the last ten seconds, at least 16, so that one death is always absorbed.
 */
final class RetryBudget {
    private static final double PER_REQUEST = 0.2;
    private static final double PER_SECOND = 10;
    private static final int LEAST_CAPACITY = 16;
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double perNano;
    private double tokens = LEAST_CAPACITY;
    private long filledAt;
    private int inFlight;
    private int peak;
    private int lastPeak;
    private long windowStart;

    /** The share of one of {@code loops} event loops. */
    RetryBudget(int loops, long now) {
        this.perNano = PER_SECOND / loops / NANOS;
        this.filledAt = now;
        this.windowStart = now;
    }

    /** A request begins its first attempt. */
    void begin(long now) {
        turn(now);
        inFlight++;
        peak = Math.max(peak, inFlight);
        tokens = Math.min(capacity(), tokens + PER_REQUEST);
    }

    /** A request is over. */
    void end() {
        inFlight--;
    }

    /** Takes a token for one more attempt; false if there is none. */
    boolean take(long now) {
        turn(now);
        tokens = Math.min(capacity(), tokens + (now - filledAt) * perNano);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    private int capacity() {
        return Math.max(LEAST_CAPACITY, Math.max(peak, lastPeak));
    }

    private void turn(long now) {
        if (now - windowStart > WINDOW) {
            windowStart = now;
            lastPeak = peak;
            peak = inFlight;
        }
    }
}
