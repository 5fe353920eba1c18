package dev.ringmaster.lb.lifecycle;

import java.time.Duration;

/**
 * How long a seat stays empty before its next spawn: not at all after a death in old age and after the first early one,
 * then four times longer each time; after {@link #LIMIT} early deaths in a row nothing more is started.
 */
final class SpawnBackoff {
    /** Early deaths or failed starts in a row that make a crash loop. */
    static final int LIMIT = 5;
    /** A replica that served for less died early. */
    static final Duration EARLY = Duration.ofSeconds(2);

    private static final Duration FIRST = Duration.ofMillis(200);

    private SpawnBackoff() {}

    static Duration delay(int earlyDeaths) {
        return earlyDeaths <= 1 ? Duration.ZERO : FIRST.multipliedBy(1L << (2 * (Math.min(earlyDeaths, LIMIT) - 2)));
    }
}
