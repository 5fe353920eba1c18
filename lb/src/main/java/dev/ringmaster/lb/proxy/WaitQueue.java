package dev.ringmaster.lb.proxy;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges of one event loop that wait for a replica to come back or for one to have room, in order of arrival. Bounded
 * in number; what they hold of their requests counts as what all exchanges hold. Event loop only.
 */
final class WaitQueue {
    /** Woken in one turn of the loop: a replica that has just started must not get a thousand requests at once. */
    private static final int PACE = 64;

    private static final long LONGEST_PERIOD = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LEAST_PERIOD = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAST_PERIODS = 10;

    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    /** Those before them that were woken in vain, since the wake-up under way began. */
    private final ArrayDeque<Waiter> again = new ArrayDeque<>();

    private final EventLoop loop;
    private final boolean forRoom;
    private final int most;
    private final long longest;
    private int toWake;
    private boolean waking;
    private @Nullable Waiter woken;
    private boolean sweeping;

    /** Who waits. */
    interface Waiter {
        /** Since when, in {@link System#nanoTime}. */
        long waitsSince();

        /** There may be a replica for it now. */
        void woken();

        /** Its time is up. */
        void waitedInVain();
    }

    /**
     * Lets so many exchanges wait for so long.
     *
     * @param forRoom whether for room, which other loops make without a word, and not for another table
     */
    WaitQueue(EventLoop loop, boolean forRoom, int most, Duration longest) {
        this.loop = loop;
        this.forRoom = forRoom;
        this.most = most;
        this.longest = longest.toNanos();
    }

    /**
     * Lets an exchange wait.
     *
     * @param since when it began to wait here
     * @return false if there is no room or its time is up
     */
    @SuppressWarnings("ReferenceEquality") // the very one
    boolean add(Waiter exchange, long since) {
        if (waiting.size() + again.size() >= most || isOver(since, System.nanoTime())) {
            return false;
        }
        (exchange == woken ? again : waiting).addLast(exchange);
        if (!sweeping) {
            sweepLater();
        }
        return true;
    }

    /** An exchange is over; it need not have waited. */
    void remove(Waiter exchange) {
        if (!waiting.remove(exchange)) {
            again.remove(exchange);
        }
    }

    /** A table was published: everyone that waits now tries again, a few a turn. */
    void wake() {
        wake(waiting.size());
    }

    /** Room for one has come about, as far as this loop knows. */
    void wakeOne() {
        if (!waiting.isEmpty()) {
            wake(Math.min(waiting.size(), toWake + 1));
        }
    }

    private void wake(int count) {
        toWake = count;
        if (!waking && count > 0) {
            waking = true;
            // Not at once: whoever made the room may be in the middle of something.
            loop.execute(this::wakeSome);
        }
    }

    private void wakeSome() {
        for (int i = 0; i < PACE && toWake > 0 && !waiting.isEmpty(); i++) {
            toWake--;
            woken = waiting.pollFirst();
            woken.woken();
        }
        woken = null;
        if (toWake > 0 && !waiting.isEmpty()) {
            loop.execute(this::wakeSome);
            return;
        }
        waking = false;
        toWake = 0;
        while (!again.isEmpty()) {
            waiting.addFirst(again.pollLast());
        }
    }

    private void sweepLater() {
        sweeping = true;
        long period = Math.clamp(longest / LEAST_PERIODS, LEAST_PERIOD, LONGEST_PERIOD);
        loop.schedule(this::sweep, period, TimeUnit.NANOSECONDS);
    }

    /** Ends the wait of those whose time is up. */
    private void sweep() {
        sweeping = false;
        long now = System.nanoTime();
        // Not in one pass: an answer may let the next request of its connection join the queue.
        List<Waiter> over =
                waiting.stream().filter(next -> isOver(next.waitsSince(), now)).toList();
        for (Waiter exchange : over) {
            if (waiting.remove(exchange)) {
                exchange.waitedInVain();
            }
        }
        if (forRoom) { // Another loop's requests may have ended meanwhile.
            wakeOne();
        }
        if (!waiting.isEmpty() && !sweeping) {
            sweepLater();
        }
    }

    private boolean isOver(long since, long now) {
        return now - since >= longest;
    }
}
