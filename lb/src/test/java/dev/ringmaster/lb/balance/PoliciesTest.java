package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PoliciesTest {
    private static final long SEED = 20_260_101;

    private static BalancingPolicy policy(String name) {
        return Policies.named(name, PoliciesTest.class.getClassLoader()).create();
    }

    private static RoutingTable table(ReplicaSet set) {
        RoutingTables tables = Pools.tables("consistent-hash", "capped-rendezvous", "random");
        tables.publish(set);
        return tables.current();
    }

    private static Map<Replica, Integer> firsts(BalancingPolicy policy, RoutingTable table, int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Replica, Integer> firsts = new HashMap<>();
        for (int i = 0; i < count; i++) {
            firsts.merge(Pools.order(policy, random.nextLong(), table).getFirst(), 1, Integer::sum);
        }
        return firsts;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consistent-hash",
                "round-robin",
                "least-connections",
                "least-response-time",
                "power-of-d",
                "random",
                "first-available"
            })
    void order_ofAnyKey_isAPermutationOfTheServing(String name) {
        BalancingPolicy policy = policy(name);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int count = 0; count <= 8; count++) {
            ReplicaSet set = Pools.of(count);
            for (int down = 0; down < count; down += 3) {
                set = Pools.state(set, down, ReplicaState.DOWN);
            }
            RoutingTable table = table(set);
            for (int i = 0; i < 50; i++) {
                assertThat(Pools.order(policy, random.nextLong(), table))
                        .containsExactlyInAnyOrderElementsOf(set.serving());
            }
        }
    }

    @Test
    void roundRobin_overManyRequests_isEven() {
        assertThat(firsts(policy("round-robin"), table(Pools.of(7)), 700).values())
                .hasSize(7)
                .containsOnly(100);
    }

    @Test
    void roundRobin_byWeight_isSmooth() {
        BalancingPolicy policy = policy("round-robin");
        RoutingTable table = table(Pools.weighted(5, 1, 1));
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 70; i++) {
            order.append("ABC".charAt(Pools.order(policy, i, table).getFirst().slot()));
        }
        assertThat("AABACAA".repeat(12)).contains(order);
    }

    @Test
    void roundRobin_whenASlotIsAdded_goesOnWithIt() {
        BalancingPolicy policy = policy("round-robin");
        assertThat(firsts(policy, table(Pools.of(3)), 30)).hasSize(3);
        assertThat(firsts(policy, table(Pools.of(4)), 40))
                .hasSize(4)
                .allSatisfy((replica, share) -> assertThat(share).isEqualTo(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consistent-hash",
                "round-robin",
                "least-connections",
                "least-response-time",
                "power-of-d",
                "random"
            })
    void weights_ofAnIdlePool_decideTheShares(String name) {
        ReplicaSet set = Pools.weighted(4, 2, 1, 1);
        BalancingPolicy policy = policy(name);
        Map<Replica, Integer> firsts = firsts(policy, table(set), 8000);
        if (name.equals("least-response-time")) {
            // What is idle costs by weight, so the heaviest gets the first request each time.
            assertThat(firsts.get(set.serving().getFirst())).isGreaterThan(4000);
            return;
        }
        for (Replica replica : set.serving()) {
            double fair = 8000 * set.slots().get(replica.slot()).weight() / 8;
            assertThat(firsts.get(replica) / fair).as("%s: %s", name, firsts).isBetween(0.9, 1.1);
        }
    }

    @Test
    void leastConnections_ofABusyPool_comparesByWeight() {
        ReplicaSet set = Pools.weighted(3, 1);
        List<Replica> all = set.serving();
        for (int i = 0; i < 5; i++) {
            all.getFirst().inFlight().begin(0);
        }
        all.getLast().inFlight().begin(0);
        all.getLast().inFlight().begin(0);
        assertThat(Pools.order(policy("least-connections"), 1, table(set))).isEqualTo(all);
    }

    @Test
    void powerOfD_ofTheBusiest_isChosenOnlyIfNobodyElseWasDrawn() {
        ReplicaSet set = Pools.of(5);
        Replica busiest = set.serving().get(2);
        busiest.inFlight().begin(0);
        assertThat(firsts(policy("power-of-d"), table(set), 5000)).hasSize(4).doesNotContainKey(busiest);
    }

    @Test
    void firstAvailable_goesOnOnlyWhenTheFirstIsDown() {
        ReplicaSet set = Pools.of(3);
        BalancingPolicy policy = policy("first-available");
        assertThat(Pools.order(policy, 5, table(set))).isEqualTo(set.serving());
        assertThat(Pools.order(policy, 5, table(Pools.state(set, 0, ReplicaState.DOWN))))
                .isEqualTo(set.serving().subList(1, 3));
    }

    @Test
    void random_overManyRequests_isAboutEven() {
        assertThat(firsts(policy("random"), table(Pools.of(5)), 10_000).values())
                .hasSize(5)
                .allSatisfy(share -> assertThat(share).isBetween(1700, 2300));
    }

    @Test
    void leastConnections_ordersByRequestsInFlightAndSharesTies() {
        ReplicaSet set = Pools.of(4);
        BalancingPolicy policy = policy("least-connections");
        for (int slot = 0; slot < 3; slot++) {
            for (int i = 0; i <= slot; i++) {
                set.serving().get(2 - slot).inFlight().begin(0);
            }
        }
        RoutingTable table = table(set);
        List<Replica> all = table.serving();
        assertThat(Pools.order(policy, 1, table)).containsExactly(all.get(3), all.get(2), all.get(1), all.get(0));
        all.get(2).inFlight().end(0);
        Map<Replica, Integer> firsts = firsts(policy, table, 2000);
        assertThat(firsts).containsOnlyKeys(all.get(2), all.get(3));
        assertThat(firsts.get(all.get(2))).isBetween(850, 1150);
    }

    @Test
    void consistentHash_sameKey_sameOrderOnEveryLoop() {
        RoutingTable table = table(Pools.of(6));
        BalancingPolicy one = policy("consistent-hash");
        BalancingPolicy other = policy("consistent-hash");
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 1000; i++) {
            long key = random.nextLong();
            assertThat(Pools.order(other, key, table)).isEqualTo(Pools.order(one, key, table));
        }
    }

    @Test
    void consistentHash_deadHome_movesItsKeysToTheirNextCandidateAndNoOthers() {
        ReplicaSet set = Pools.of(6);
        RoutingTable before = table(set);
        Replica dead = set.serving().get(2);
        RoutingTable after = table(Pools.state(set, 2, ReplicaState.DEAD));
        BalancingPolicy policy = policy("consistent-hash");
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2000; i++) {
            long key = random.nextLong();
            List<Replica> expected = new java.util.ArrayList<>(Pools.order(policy, key, before));
            expected.remove(dead);
            assertThat(Pools.order(policy, key, after)).isEqualTo(expected);
        }
    }

    @Test
    void consistentHash_replacementInTheSlot_getsTheSameKeys() {
        ReplicaSet set = Pools.of(6);
        RoutingTable before = table(set);
        RoutingTable after = table(Pools.replaced(set, 2));
        BalancingPolicy policy = policy("consistent-hash");
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2000; i++) {
            long key = random.nextLong();
            assertThat(Pools.order(policy, key, after).getFirst().slot())
                    .isEqualTo(Pools.order(policy, key, before).getFirst().slot());
        }
        assertThat(after.serving().get(2)).isNotEqualTo(before.serving().get(2));
    }

    @Test
    void name_besideABrokenPlugin_isFoundIfBuiltIn(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(BalancingPolicyFactory.class.getName()), "no.such.Factory\n");
        try (URLClassLoader plugins = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(Policies.named("random", plugins).name()).isEqualTo("random");
            assertThatThrownBy(() -> Policies.named("fastest", plugins))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a plugin cannot be loaded")
                    .hasMessageContaining("no.such.Factory");
        }
    }

    @Test
    void name_thatIsUnknown_isAnErrorThatNamesTheKnown() {
        assertThatThrownBy(() -> policy("fastest"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("policy 'fastest' is none of [consistent-hash, round-robin, least-connections,"
                        + " least-response-time, power-of-d, random, first-available, sticky]");
    }
}
