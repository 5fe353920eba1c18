package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Smooth weighted round robin, as nginx does it: every replica gains credit by its weight, the richest is chosen and pays
 * for all. Of weights 5, 1, 1 the order is AABACAA, never AAAAABC. A random start keeps loops from marching in step.
 */
final class RoundRobinPolicy extends CheapestFirst {
    private static final double FIRST = -Double.MAX_VALUE;

    private List<Replica> replicas = List.of();
    private double[] credits = new double[0];

    @Override
    @SuppressWarnings("ReferenceEquality") // another list may still hold the same replicas
    void price(RoutingTable current, double[] prices) {
        if (replicas != current.serving()) {
            follow(current);
        }
        turn(current);
        for (int i = 0; i < prices.length; i++) {
            prices[i] = -credits[i];
        }
        if (prices.length > 0) {
            int turn = richest();
            prices[turn] = FIRST;
            credits[turn] -= 1;
        }
    }

    private void follow(RoutingTable current) {
        boolean same = replicas.equals(current.serving());
        replicas = current.serving();
        if (!same) {
            credits = new double[replicas.size()];
            for (int skipped = ThreadLocalRandom.current().nextInt(credits.length + 1); skipped > 0; skipped--) {
                turn(current);
                credits[richest()] -= 1;
            }
        }
    }

    private void turn(RoutingTable current) {
        for (int i = 0; i < credits.length; i++) {
            credits[i] += current.share(i);
        }
    }

    private int richest() {
        int richest = 0;
        for (int i = 1; i < credits.length; i++) {
            // What is equal but for rounding goes to the first, or equal weights would lose their order.
            richest = credits[i] > credits[richest] + 1e-9 ? i : richest;
        }
        return richest;
    }
}
