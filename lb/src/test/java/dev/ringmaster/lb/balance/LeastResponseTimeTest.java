package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeastResponseTimeTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReplicaSet set = Pools.of(3);
    private final Replica a = set.serving().get(0);
    private final Replica b = set.serving().get(1);
    private final Replica c = set.serving().get(2);
    private long now = -5;
    private final LeastResponseTimePolicy policy = new LeastResponseTimePolicy(() -> now);
    private RoutingTable table = table(set);

    private static RoutingTable table(ReplicaSet set) {
        RoutingTables tables = Pools.tables("least-response-time", "rendezvous", "random");
        tables.publish(set);
        return tables.current();
    }

    private List<Replica> order() {
        return Pools.order(policy, 0, table);
    }

    @BeforeEach
    void knowAll() {
        order();
        policy.answered(a, 200, 3 * MILLI);
        policy.answered(b, 200, MILLI);
        policy.answered(c, 200, 2 * MILLI);
    }

    @Test
    void order_ofIdleReplicas_isByResponseTime() {
        assertThat(order()).containsExactly(b, c, a);
    }

    @Test
    void order_ofBusyOnes_countsWhatIsInFlight() {
        for (int i = 0; i < 4; i++) {
            b.inFlight().begin(1);
        }
        assertThat(order()).containsExactly(c, a, b);
    }

    @Test
    void slowAnswer_tellsAtOnce_fastOnesOnlyInTime() {
        policy.answered(b, 200, 50 * MILLI);
        assertThat(order()).containsExactly(c, a, b);
        now += 100 * MILLI;
        policy.answered(b, 200, MILLI);
        assertThat(order()).containsExactly(c, a, b);
        for (int i = 0; i < 600; i++) {
            now += 100 * MILLI;
            policy.answered(a, 200, 3 * MILLI);
            policy.answered(b, 200, MILLI);
            policy.answered(c, 200, 2 * MILLI);
            order();
        }
        assertThat(order()).containsExactly(b, c, a);
    }

    @Test
    void slowOne_thatNobodyAsks_isTriedAgainInTime() {
        policy.answered(b, 200, 10 * MILLI);
        int tried = 0;
        while (!order().getFirst().equals(b)) {
            now += 100 * MILLI;
            policy.answered(a, 200, 3 * MILLI);
            policy.answered(c, 200, 2 * MILLI);
            tried++;
        }
        // ln(10 / 2) of ten seconds.
        assertThat(tried).isBetween(140, 180);
    }

    @Test
    void errors_howeverFast_doNotAttract() {
        for (int i = 0; i < 1000; i++) {
            now += 10 * MILLI;
            policy.answered(a, 503, 1);
            policy.answered(b, 200, MILLI);
            policy.answered(c, 200, 2 * MILLI);
            assertThat(order().getFirst()).isEqualTo(b);
        }
    }

    @Test
    void newReplica_countsAsTheUsualOne_andTheOthersAreRemembered() {
        ReplicaSet replaced = Pools.replaced(set, 2);
        table = table(replaced);
        assertThat(order()).containsExactly(b, replaced.serving().get(2), a);
        policy.answered(c, 200, 1);
        assertThat(order())
                .as("an answer of one that left")
                .containsExactly(b, replaced.serving().get(2), a);
    }
}
