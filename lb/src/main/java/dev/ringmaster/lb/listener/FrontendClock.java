package dev.ringmaster.lb.listener;

import java.time.Duration;

/**
 * The times that one client's connection is held to. What happens is only noted; it counts as having happened when the
 * clock is looked at next, so that no request costs a reading of the clock. Event loop only.
 */
final class FrontendClock {
    private static final Duration FIRST_REQUEST = Duration.ofSeconds(1);

    private final FrontendTimeouts timeouts;
    private long inputAt = System.nanoTime();
    private long outputAt = inputAt;
    private long headSince = inputAt;
    private long pending;
    private boolean input;
    private boolean head;
    private boolean used;

    FrontendClock(FrontendTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** Input is about to be read. */
    void reading(boolean firstOfHead) {
        input = true;
        head |= firstOfHead;
        used = true;
    }

    /** From now on it is the client's turn. */
    void restart() {
        input = true;
    }

    /** Looks at the clock while so many bytes of output are still to be taken by the client. */
    void look(long now, long bytes) {
        if (input) {
            inputAt = now;
        }
        if (head) {
            headSince = now;
        }
        input = false;
        head = false;
        if (bytes != pending || bytes == 0) {
            pending = bytes;
            outputAt = now;
        }
        if (bytes > 0) {
            // As long as an answer is on its way the connection is not idle.
            inputAt = Math.max(inputAt, outputAt);
        }
    }

    /** Whether the client has stopped taking its answer; one that is slow goes on. */
    boolean outputStuck(long now) {
        return over(outputAt, timeouts.idle(), now);
    }

    /** Nanoseconds since the first byte of the head, as far as that was noted. */
    long headNanos() {
        return head ? 0 : System.nanoTime() - headSince;
    }

    /** Whether the client has just connected, so that its first request must be on its way. */
    boolean fresh(long now) {
        return !used && !over(inputAt, FIRST_REQUEST, now);
    }

    boolean headOver(long now) {
        return over(headSince, timeouts.head(), now);
    }

    boolean bodyOver(long now) {
        return over(inputAt, timeouts.body(), now);
    }

    boolean idleOver(long now) {
        return over(inputAt, timeouts.idle(), now);
    }

    boolean lingerOver(long since, long now) {
        return over(since, timeouts.linger(), now);
    }

    private static boolean over(long since, Duration limit, long now) {
        return now - since > limit.toNanos();
    }
}
