package dev.ringmaster.lb.proxy;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Exchanges of one event loop that wait for a replica to come back, in order of arrival. Bounded in number and in the
 * bytes that they hold. Event loop only.
 */
final class WaitQueue {
    private static final int MOST = 1000;
    private static final long MOST_BYTES = 8 << 20;
    /** Woken in one turn of the loop: a replica that has just started must not get a thousand requests at once. */
    private static final int PACE = 64;

    private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    private final Executor loop;
    private int toWake;

    WaitQueue(Executor loop) {
        this.loop = loop;
    }

    /** Lets an exchange wait; false if there is no room. */
    boolean add(Exchange exchange) {
        long bytes = exchange.heldBytes();
        for (Exchange other : waiting) {
            bytes += other.heldBytes();
        }
        if (waiting.size() >= MOST || bytes > MOST_BYTES) {
            return false;
        }
        waiting.addLast(exchange);
        return true;
    }

    /** An exchange is over before it was woken. */
    void remove(Exchange exchange) {
        waiting.remove(exchange);
    }

    /** A table was published: everyone that waits now tries again, a few a turn. */
    void wake() {
        boolean waking = toWake > 0;
        toWake = waiting.size();
        if (!waking && toWake > 0) {
            wakeSome();
        }
    }

    private void wakeSome() {
        for (int i = 0; i < PACE && toWake > 0; i++) {
            toWake--;
            Exchange next = waiting.pollFirst();
            if (next == null) {
                toWake = 0;
                return;
            }
            next.woken();
        }
        if (toWake > 0) {
            loop.execute(this::wakeSome);
        }
    }

    /** Ends the wait of those whose time is up. */
    void sweep(long now) {
        while (!waiting.isEmpty() && waiting.peekFirst().waitOver(now)) {
            waiting.pollFirst().waitedInVain();
        }
    }
}
