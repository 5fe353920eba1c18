package dev.ringmaster.lb.health;

import java.time.Duration;

/**
 * How long one replica is ejected: twice as long as the time before, up to a bound; and once less for each time that it
 * has then served well for as long as the last ejection took.
 */
final class Sentence {
    private boolean running;
    private int times;
    private Duration last = Duration.ZERO;
    private long until;
    private long backSince;

    /** Ejects; tells until when. */
    long begin(long now, OutlierOptions options) {
        long forgiven = last.isZero() ? 0 : (now - backSince) / last.toNanos();
        long before = Math.max(0, times - forgiven);
        last = options.base();
        // What no longer makes a difference is not counted, or it would take as long to be forgiven.
        for (times = 1; times <= before && last.compareTo(options.most()) < 0; times++) {
            last = last.multipliedBy(2);
        }
        if (last.compareTo(options.most()) > 0) {
            last = options.most();
        }
        running = true;
        until = now + last.toNanos();
        return until;
    }

    boolean running() {
        return running;
    }

    boolean served(long now) {
        return running && now - until >= 0;
    }

    void end(long now) {
        running = false;
        backSince = now;
    }

    /** Ends as if it had not been. */
    void lift(long now) {
        end(now);
        times--;
    }
}
