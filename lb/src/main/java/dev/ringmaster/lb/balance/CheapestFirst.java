package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Replicas by what a policy says that each would cost, cheapest first; of equal ones a random one, by weight. */
abstract class CheapestFirst implements BalancingPolicy, Candidates {
    private static final double GIVEN = Double.POSITIVE_INFINITY;

    private double[] costs = new double[0];
    private @Nullable RoutingTable table;

    /** Sets the cost of every serving replica by its place in the table: any finite number. */
    abstract void price(RoutingTable current, double[] prices);

    @Override
    public final Candidates candidates(long key, RoutingTable current) {
        table = current;
        if (costs.length != current.size()) {
            costs = new double[current.size()];
        }
        price(current, costs);
        return this;
    }

    @Override
    public final @Nullable Replica next() {
        RoutingTable current = table;
        double least = GIVEN;
        for (double cost : costs) {
            least = Math.min(least, cost);
        }
        if (current == null || least == GIVEN) {
            return null;
        }
        int position = oneOf(current, costs, least);
        costs[position] = GIVEN;
        return current.replica(position);
    }

    /** One of the places that have this cost, which at least one has; by default each as likely as its weight says. */
    int oneOf(RoutingTable current, double[] prices, double cost) {
        double shares = 0;
        int equal = 0;
        int last = -1;
        for (int i = 0; i < prices.length; i++) {
            if (prices[i] == cost) {
                shares += current.share(i);
                equal++;
                last = i;
            }
        }
        return equal == 1
                ? last
                : byShare(current, prices, cost, ThreadLocalRandom.current().nextDouble() * shares);
    }

    private static int byShare(RoutingTable current, double[] prices, double cost, double drawn) {
        double left = drawn;
        int last = -1;
        for (int i = 0; i < prices.length && (last < 0 || left >= 0); i++) {
            if (prices[i] == cost) {
                left -= current.share(i);
                last = i;
            }
        }
        return last;
    }

    /** At random, by weight: all cost the same. */
    static final class AtRandom extends CheapestFirst {
        @Override
        void price(RoutingTable current, double[] prices) {
            Arrays.fill(prices, 0);
        }
    }

    /** By requests in flight for what their weights entitle them to. */
    static final class LeastConnections extends CheapestFirst {
        @Override
        void price(RoutingTable current, double[] prices) {
            for (int i = 0; i < prices.length; i++) {
                prices[i] = current.inFlight(i) / current.share(i);
            }
        }
    }

    /**
     * Of a few drawn at random, by weight, the one with the fewest requests in flight for its weight: nearly as even as
     * looking at all, and loops that look at the same moment do not all run to the same one. After Mitzenmacher, <i>The
     * Power of Two Choices in Randomized Load Balancing</i> (2001).
     */
    static final class PowerOfChoices extends CheapestFirst {
        private static final double NOT_DRAWN = Double.MAX_VALUE;
        /** Of equally busy ones the first that was drawn wins, so that an idle pool shares by weight. */
        private static final double LATER = 1e-9;

        @Override
        void price(RoutingTable current, double[] prices) {
            Arrays.fill(prices, NOT_DRAWN);
            int draws = Math.min(current.distribution().options().tuning().choices(), prices.length);
            for (int i = 0; i < draws; i++) {
                int drawn = oneOf(current, prices, NOT_DRAWN);
                prices[drawn] = current.inFlight(drawn) / current.share(drawn) + i * LATER;
            }
        }
    }
}
