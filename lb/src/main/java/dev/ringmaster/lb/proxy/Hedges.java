package dev.ringmaster.lb.proxy;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Hedged requests, after Dean and Barroso, <i>The Tail at Scale</i> (2013): a request that has waited for longer than 95 %
 * of the answers took gets a second attempt beside its first, and the first answer counts. Event loop only.
 */
final class Hedges {
    private static final double PERCENTILE = 0.95;
    /** So many answers tell what is usual. */
    private static final int LEAST_ANSWERS = 100;
    /** Of the estimate, how far a single answer moves it. */
    private static final double STEP = 0.02;

    private static final long LEAST_PERIOD = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAST_PERIODS = 8;

    private final EventLoop loop;
    private final boolean enabled;
    /** In the order in which they were sent, those that have been answered meanwhile among them. */
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();

    private int answers;
    private double usual;

    private record Sent(Exchange exchange, Attempt attempt) {}

    Hedges(EventLoop loop, boolean enabled) {
        this.loop = loop;
        this.enabled = enabled;
    }

    /** An answer came to an attempt that began then, in {@link System#nanoTime}. */
    void answered(long since) {
        if (!enabled) {
            return;
        }
        long nanos = System.nanoTime() - since;
        answers = Math.min(LEAST_ANSWERS, answers + 1);
        // A stochastic estimate: it stands still where 95 % of the answers are below it.
        if (usual == 0) {
            usual = nanos;
        } else if (nanos > usual) {
            usual += usual * STEP * PERCENTILE;
        } else {
            usual -= usual * STEP * (1 - PERCENTILE);
        }
    }

    /** How long an attempt is waited for, in nanoseconds; far away as long as nobody knows what is usual. */
    long due() {
        return answers < LEAST_ANSWERS ? Long.MAX_VALUE : Math.max(LEAST_PERIOD, (long) usual);
    }

    /** An exchange has sent its request for the first time, whole and so that it can be sent again. */
    void sent(Exchange exchange, Attempt attempt) {
        if (enabled && answers == LEAST_ANSWERS) {
            sent.addLast(new Sent(exchange, attempt));
            if (sent.size() == 1) {
                lookAgain();
            }
        }
    }

    private void lookAgain() {
        loop.schedule(this::look, Math.max(LEAST_PERIOD, due() / LEAST_PERIODS), TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        for (Sent first = sent.peekFirst(); first != null; first = sent.peekFirst()) {
            boolean waits = first.exchange.awaitsHeadOf(first.attempt);
            if (waits && now - first.attempt.since() < due()) {
                break;
            }
            sent.pollFirst();
            if (waits) {
                first.exchange.hedge();
            }
        }
        if (!sent.isEmpty()) {
            lookAgain();
        }
    }
}
