package dev.ringmaster.lb.health;

import java.time.Duration;

/**
 * When a replica that answers heartbeats is ejected all the same, and for how long.
 *
 * @param enabled whether any is
 * @param failures failed requests in a row that eject
 * @param interval between two comparisons of success rates and latencies
 * @param latencyFactor how many times slower than the others ejects; 0: latency does not count
 * @param base first ejection; each further one lasts twice as long as the one before
 * @param most longest ejection
 * @param maxShare most of the pool that may be out, in percent, at most 50; one of several replicas always may
 */
public record OutlierOptions(
        boolean enabled,
        int failures,
        Duration interval,
        double latencyFactor,
        Duration base,
        Duration most,
        int maxShare) {
    private static final int ALL = 100;

    /** How many of so many replicas may be out. */
    int allowed(int replicas) {
        return replicas < 2 ? 0 : Math.max(1, replicas * maxShare / ALL);
    }
}
