package dev.ringmaster.lb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static int taken(RetryBudget budget, long now) {
        int taken = 0;
        while (taken < 10_000 && budget.take(now)) {
            taken++;
        }
        return taken;
    }

    private static void serve(RetryBudget budget, int requests, long now) {
        for (int i = 0; i < requests; i++) {
            budget.begin(now);
        }
        for (int i = 0; i < requests; i++) {
            budget.end();
        }
    }

    @Test
    void newBudget_holdsItsLeastCapacity() {
        assertThat(taken(new RetryBudget(1, 0), 0)).isEqualTo(16);
    }

    @Test
    void everyFifthRequest_bringsAToken() {
        RetryBudget budget = new RetryBudget(1, 0);
        taken(budget, 0);
        for (int i = 0; i < 50; i++) {
            budget.begin(0);
            budget.end();
        }
        assertThat(taken(budget, 0)).isBetween(9, 10);
    }

    @Test
    void everySecond_bringsTenTokensOverAllLoops() {
        RetryBudget budget = new RetryBudget(4, 0);
        taken(budget, 0);
        assertThat(taken(budget, 4 * SECOND)).isEqualTo(10);
    }

    @Test
    void capacity_isThePeakInFlightOfTheLastSeconds() {
        RetryBudget budget = new RetryBudget(1, 0);
        serve(budget, 500, 0);
        for (int i = 0; i < 5000; i++) {
            serve(budget, 1, 0);
        }
        assertThat(taken(budget, 0)).isEqualTo(500);
        assertThat(taken(budget, 9 * SECOND)).isEqualTo(90);
        serve(budget, 1, 11 * SECOND);
        serve(budget, 1, 22 * SECOND);
        assertThat(taken(budget, 1000 * SECOND)).isEqualTo(16);
    }
}
