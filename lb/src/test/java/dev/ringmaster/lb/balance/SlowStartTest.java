package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ringmaster.lb.replica.Outcomes;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares of slots whose replicas are new. */
final class SlowStartTest {
    private static final long SEED = 20_261_125;
    private static final int KEYS = 20_000;
    private static final Duration TEN_TICKS = Duration.ofSeconds(5);

    private final Pools.Clock clock = new Pools.Clock();
    private final RoutingTables tables = Pools.tables("capped-rendezvous", 0.5, TEN_TICKS);

    private static ReplicaSet grown(ReplicaSet set) {
        return new ReplicaSet(
                java.util.stream.Stream.concat(
                                set.slots().stream(),
                                Pools.of(set.target() + 1).slots().stream().skip(set.target()))
                        .toList(),
                List.of());
    }

    private static int[] homes(RoutingTables tables) {
        SplittableRandom random = new SplittableRandom(SEED);
        LoopBalancer loop = Pools.loop(tables);
        int[] homes = new int[KEYS];
        for (int i = 0; i < KEYS; i++) {
            homes[i] = Objects.requireNonNull(loop.choose(tables.current(), random.nextLong(), List.of()))
                    .slot();
        }
        return homes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"capped-rendezvous", "rendezvous", "ketama", "maglev", "jump", "classic"})
    void newSlot_inTenSteps_getsEachOfItsKeysOnce(String algorithm) {
        RoutingTables each = Pools.tables(algorithm, 0.5, TEN_TICKS);
        each.publish(Pools.of(4));
        each.publish(grown(each.current().pool()));
        int[] last = homes(each);
        int[] moves = new int[KEYS];
        Pools.tick(each, clock);
        double before = share(last);
        RoutingTables atOnce = Pools.tables(algorithm, 0.5, Duration.ZERO);
        atOnce.publish(Pools.of(4));
        atOnce.publish(grown(atOnce.current().pool()));
        double whole = share(homes(atOnce));
        for (int step = 2; step <= 10; step++) {
            Pools.tick(each, clock);
            int[] now = homes(each);
            for (int i = 0; i < KEYS; i++) {
                if (now[i] != last[i]) {
                    moves[i]++;
                    assertThat(now[i]).as("only to the new slot").isEqualTo(4);
                }
            }
            last = now;
            assertThat(share(now))
                    .as("%s seed %d step %d, %.4f before", algorithm, SEED, step, before)
                    .isGreaterThan(before)
                    .isCloseTo(whole * step / 10, within(0.2 * whole / step + 0.01));
            before = share(now);
        }
        assertThat(moves).as("moves of one key").containsOnly(0, 1);
        assertThat(last).isEqualTo(homes(atOnce));
        assertThat(each.current().ramping()).isEmpty();
    }

    private static double share(int[] homes) {
        int own = 0;
        for (int home : homes) {
            own += home == 4 ? 1 : 0;
        }
        return (double) own / KEYS;
    }

    @Test
    void keysOfTheOthers_whileASlotIsNew_stay() {
        RoutingTables each = Pools.tables("rendezvous", 0.5, TEN_TICKS);
        each.publish(Pools.of(4));
        int[] before = homes(each);
        each.publish(grown(each.current().pool()));
        int[] after = homes(each);
        for (int i = 0; i < KEYS; i++) {
            assertThat(after[i]).isIn(before[i], 4);
        }
        assertThat(share(after)).as("seed %d", SEED).isCloseTo(0.02, within(0.005));
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "least-connections", "random", "power-of-d"})
    void weightOfANewSlot_inOtherPolicies_grows(String policy) {
        BalanceOptions options = Pools.options(policy, "rendezvous", "random");
        tables.reconfigure(new BalanceOptions(
                policy,
                options.hash(),
                options.key(),
                tables.current().distribution().options().tuning()));
        tables.publish(Pools.of(4));
        tables.publish(grown(tables.current().pool()));
        Pools.tick(tables, clock);
        for (double part : new double[] {0.1, 0.2, 0.3}) {
            assertThat(share(homes(tables))).as("%s of its share", part).isCloseTo(part / (4 + part), within(0.01));
            Pools.tick(tables, clock);
        }
    }

    @Test
    void slots_thatAPoolStartsWith_getTheirWholeShare() {
        ReplicaSet starting = Pools.state(Pools.of(3), 2, ReplicaState.STARTING);
        tables.publish(Pools.state(starting, 1, ReplicaState.STARTING));
        tables.publish(starting);
        tables.publish(Pools.of(3));
        assertThat(tables.current().ramping()).isEmpty();
    }

    @Test
    void replacement_ofADeadReplica_startsSlowly_andOneThatIsBackDoesNot() {
        ReplicaSet set = Pools.of(3);
        tables.publish(set);
        tables.publish(Pools.state(set, 1, ReplicaState.DOWN));
        tables.publish(set);
        assertThat(tables.current().ramping()).as("back").isEmpty();
        tables.publish(Pools.state(set, 1, ReplicaState.DEAD));
        tables.publish(Pools.replaced(set, 1));
        assertThat(tables.current().ramping()).isEqualTo(Map.of(1, 0.1));
    }

    @Test
    void ramp_whileRequestsFail_stands() {
        tables.publish(Pools.of(2));
        tables.publish(grown(tables.current().pool()));
        Outcomes outcomes = tables.current().serving().getLast().outcomes();
        double[] parts = new double[4];
        for (int tick = 0; tick < parts.length; tick++) {
            int failed = tick == 2 ? 6 : 5;
            for (int i = 0; i < 100; i++) {
                if (i < failed) {
                    outcomes.failed(i % Pools.LOOPS);
                } else {
                    outcomes.good(i % Pools.LOOPS);
                }
            }
            Pools.tick(tables, clock);
            parts[tick] = tables.current().ramping().getOrDefault(2, 1.0);
        }
        assertThat(parts).as("none in the third half second").containsExactly(0.1, 0.2, 0.2, 0.3);
    }

    @Test
    void ramp_whileItsReplicaIsDown_waits_andEndsWithIt() {
        tables.publish(Pools.of(2));
        ReplicaSet three = grown(tables.current().pool());
        tables.publish(three);
        Pools.tick(tables, clock);
        Pools.tick(tables, clock);
        tables.publish(Pools.state(three, 2, ReplicaState.DOWN));
        assertThat(tables.current().ramping()).isEmpty();
        Pools.tick(tables, clock);
        tables.publish(three);
        assertThat(tables.current().ramping()).isEqualTo(Map.of(2, 0.2));
        tables.publish(Pools.without(three, 2));
        assertThat(tables.current().ramping()).isEmpty();
    }

    @Test
    void ramp_onceSlowStartIsOff_ends() {
        tables.publish(Pools.of(2));
        tables.publish(grown(tables.current().pool()));
        tables.reconfigure(Pools.options("consistent-hash", "capped-rendezvous", "header:x-key"));
        Pools.tick(tables, clock);
        assertThat(tables.current().ramping()).isEmpty();
    }

    @Test
    void newSlot_thatAloneServes_getsEveryKey() {
        tables.publish(Pools.of(1));
        ReplicaSet alone = Pools.replaced(tables.current().pool(), 0);
        tables.publish(alone);
        assertThat(tables.current().ramping()).isEqualTo(Map.of(0, 0.1));
        assertThat(homes(tables)).containsOnly(0);
        Replica only = tables.current().serving().getFirst();
        assertThat(tables.current().share(0)).isEqualTo(1);
        assertThat(only.slot()).isZero();
    }
}
