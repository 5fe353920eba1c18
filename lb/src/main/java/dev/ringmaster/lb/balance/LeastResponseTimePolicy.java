package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * By response time times requests in flight, over weight. The time is a moving average as in Finagle's <i>peak EWMA</i>
 * balancer (Twitter, 2014): it jumps up to a slower answer at once and sinks over ten seconds, also while nobody asks, so
 * that who was slow is tried again. A replica that has not answered yet counts as the usual one.
 */
final class LeastResponseTimePolicy extends CheapestFirst implements ResponseTimed {
    private static final double DECAY_NANOS = 10e9;
    /** How often times sink: an exponential for each replica and request would cost more than the rest. */
    private static final long STEP_NANOS = 10_000_000;

    private static final int SERVER_ERROR = 500;

    private final LongSupplier clock;
    private List<Replica> replicas = List.of();
    private double[] nanos = new double[0];
    private long[] answeredAt = new long[0];
    private long sunkAt;

    LeastResponseTimePolicy(LongSupplier clock) {
        this.clock = clock;
        this.sunkAt = clock.getAsLong();
    }

    @Override
    void price(RoutingTable current, double[] prices) {
        follow(current.serving());
        sink(clock.getAsLong());
        double usual = usual();
        for (int i = 0; i < prices.length; i++) {
            double time = nanos[i] > 0 ? nanos[i] : usual;
            prices[i] = time * (current.inFlight(i) + 1) / current.share(i);
        }
    }

    private void sink(long now) {
        if (now - sunkAt < STEP_NANOS) {
            return;
        }
        double left = Math.exp((sunkAt - now) / DECAY_NANOS);
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] *= left;
        }
        sunkAt = now;
    }

    private double usual() {
        double sum = 0;
        int known = 0;
        for (double one : nanos) {
            sum += one;
            known += one > 0 ? 1 : 0;
        }
        return known == 0 ? 1 : sum / known;
    }

    private double slowest() {
        double slowest = 0;
        for (double one : nanos) {
            slowest = Math.max(slowest, one);
        }
        return slowest;
    }

    @Override
    public void answered(Replica replica, int status, long took) {
        int position = replicas.indexOf(replica);
        if (position < 0) {
            return;
        }
        long now = clock.getAsLong();
        // What it has sunk by since its last answer makes room for this one.
        double room = 1 - Math.exp((answeredAt[position] - now) / DECAY_NANOS);
        if (status >= SERVER_ERROR) { // Who fails fast must not look fast.
            nanos[position] = Math.max((double) took, slowest());
        } else if (took > nanos[position]) {
            nanos[position] = took;
        } else {
            nanos[position] += took * room;
        }
        answeredAt[position] = now;
    }

    @SuppressWarnings("ReferenceEquality") // another list may still hold the same replicas
    private void follow(List<Replica> serving) {
        if (replicas == serving) {
            return;
        }
        double[] kept = new double[serving.size()];
        long[] since = new long[serving.size()];
        Arrays.fill(since, clock.getAsLong());
        for (int i = 0; i < kept.length; i++) {
            int before = replicas.indexOf(serving.get(i));
            if (before >= 0) {
                kept[i] = nanos[before];
                since[i] = answeredAt[before];
            }
        }
        replicas = serving;
        nanos = kept;
        answeredAt = since;
    }
}
