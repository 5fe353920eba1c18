package dev.ringmaster.lb.listener;

import java.util.concurrent.TimeUnit;

/** The times that one client's connection is held to. Event loop only. */
final class FrontendClock {
    private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(75);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long idleSince = System.nanoTime();
    private long headSince;
    private long lingerSince;

    /** Input is about to be read. */
    void reading(boolean firstOfHead) {
        idleSince = System.nanoTime();
        if (firstOfHead) {
            headSince = idleSince;
        }
    }

    void idle() {
        idleSince = System.nanoTime();
    }

    void linger() {
        lingerSince = System.nanoTime();
    }

    /** Nanoseconds since the first byte of the head. */
    long headNanos() {
        return System.nanoTime() - headSince;
    }

    boolean headOver(long now) {
        return now - headSince > HEAD_NANOS;
    }

    boolean idleOver(long now) {
        return now - idleSince > IDLE_NANOS;
    }

    boolean lingerOver(long now) {
        return now - lingerSince > LINGER_NANOS;
    }
}
