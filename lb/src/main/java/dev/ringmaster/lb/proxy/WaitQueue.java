package dev.ringmaster.lb.proxy;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Exchanges of one event loop that wait for a replica to come back, in order of arrival. Bounded in number; what they hold
 * of their requests counts as what all exchanges hold. Event loop only.
 */
final class WaitQueue {
    private static final int MOST = 1000;
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
        if (waiting.size() >= MOST) {
            return false;
        }
        waiting.addLast(exchange);
        return true;
    }

    /** An exchange is over; it need not have waited. */
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
        int last = Math.max(0, toWake - PACE);
        while (toWake > last && !waiting.isEmpty()) {
            toWake--;
            waiting.pollFirst().woken();
        }
        if (waiting.isEmpty()) {
            toWake = 0;
        } else if (toWake > 0) {
            loop.execute(this::wakeSome);
        }
    }

    /** Ends the wait of those whose time is up; who was woken in vain stands behind others that came later. */
    void sweep(long now) {
        if (waiting.isEmpty()) {
            return;
        }
        // Not in one pass: an answer may let the next request of its connection join the queue.
        for (Exchange over : waiting.stream().filter(next -> next.waitOver(now)).toList()) {
            waiting.remove(over);
            over.waitedInVain();
        }
    }
}
