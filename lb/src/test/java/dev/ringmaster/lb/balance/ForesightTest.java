package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ringmaster.hashing.KeyHash;
import dev.ringmaster.lb.balance.Explanation.Verdict;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a decision or of a change beforehand against what happens. */
final class ForesightTest {
    private static final long SEED = 20_261_122;
    private static final int KEYS = 100_000;

    /** Some slots of this pool do not serve, some have a new replica, all others have requests in flight. */
    private static ReplicaSet randomState(SplittableRandom random, ReplicaSet pool) {
        ReplicaSet set = pool;
        for (int position = 0; position < set.target(); position++) {
            if (random.nextInt(4) == 0) {
                set = Pools.replaced(set, position);
            }
            if (random.nextInt(4) == 0) {
                ReplicaState[] states = ReplicaState.values();
                ReplicaState state = states[random.nextInt(states.length)];
                set = Pools.state(set, position, state);
            }
        }
        for (Replica replica : set.serving()) {
            for (int busy = random.nextInt(40); busy > 0; busy--) {
                replica.inFlight().begin(random.nextInt(Pools.LOOPS));
            }
        }
        return set;
    }

    @Test
    void explanation_inTenThousandRandomStates_isTheActualChoice() {
        SplittableRandom random = new SplittableRandom(SEED);
        int spilled = 0;
        int down = 0;
        int ejected = 0;
        int ramping = 0;
        int spread = 0;
        String[] algorithms = {"ketama", "maglev", "rendezvous"};
        for (int i = 0; i < 10_000; i++) {
            RoutingTables tables = Pools.tables(algorithms[i % 3], 0.5, Duration.ofSeconds(5));
            tables.publish(
                    Pools.weighted(random.doubles(random.nextInt(1, 9), 0.5, 3).toArray()));
            tables.publish(randomState(random, tables.current().pool()));
            LoopBalancer loop = Pools.loop(tables);
            byte[] key = Long.toString(random.nextLong()).getBytes(StandardCharsets.US_ASCII);
            long hash = KeyHash.named("farmhash64", getClass().getClassLoader()).hash(key, 0, key.length);
            for (int request = 0; request < 200 && i % 2 == 0; request++) {
                loop.count(tables.current(), request % (1 + i % 5) == 0 ? hash : random.nextLong());
            }
            Pools.Clock clock = new Pools.Clock();
            for (int ticks = random.nextInt(1, 4); ticks > 0; ticks--) {
                Pools.tick(tables, clock);
            }

            Explanation said = tables.explain(key);
            Replica actual = loop.choose(tables.current(), hash, List.of());

            List<Explanation.Candidate> chosen = said.candidates().stream()
                    .filter(candidate -> candidate.verdict() == Verdict.CHOSEN)
                    .toList();
            assertThat(chosen).as("seed %d state %d: %s", SEED, i, said).hasSize(actual == null ? 0 : 1);
            assertThat(said.hash()).isEqualTo(hash);
            assertThat(said.candidates()).hasSize(tables.current().pool().target());
            if (actual != null) {
                assertThat(chosen.getFirst().slot())
                        .as("seed %d state %d", SEED, i)
                        .isEqualTo(actual.slot());
                Verdict first = said.candidates().getFirst().verdict();
                spilled += first == Verdict.OVER_BOUND ? 1 : 0;
                down += first == Verdict.NOT_SERVING ? 1 : 0;
                ejected += tables.current().serving().isEmpty() ? 1 : 0;
                ramping += first == Verdict.RAMPING ? 1 : 0;
                spread += said.hotSlots() > 1 && first == Verdict.NEXT ? 1 : 0;
            }
        }
        assertThat(List.of(spilled, down, ramping, spread))
                .as("states worth explaining")
                .allMatch(count -> count > 300);
        assertThat(ejected).as("states with a last resort alone").isGreaterThan(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "random", "least-connections", "first-available"})
    void explanation_ofAPolicyWithoutKeys_saysSo(String policy) {
        RoutingTables tables = Pools.tables(policy, "rendezvous", "random");
        tables.publish(Pools.state(Pools.of(3), 0, ReplicaState.DOWN));
        Explanation said = tables.explain(new byte[] {1});
        assertThat(said.keyed()).isFalse();
        assertThat(said.random()).isTrue();
        assertThat(said.policy()).isEqualTo(policy);
        assertThat(said.candidates())
                .extracting(Explanation.Candidate::verdict)
                .containsExactly(Verdict.CHOSEN, Verdict.NEXT, Verdict.NOT_SERVING);
        assertThat(said.candidates().getLast().state()).isEqualTo(ReplicaState.DOWN);
    }

    private static List<Integer> homes(RoutingTables tables, SplittableRandom keys) {
        LoopBalancer loop = Pools.loop(tables);
        List<Integer> homes = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            Replica home = loop.choose(tables.current(), keys.nextLong(), List.of());
            homes.add(home == null ? -1 : home.slot());
        }
        return homes;
    }

    private static double moved(List<Integer> before, List<Integer> after) {
        int moved = 0;
        for (int i = 0; i < before.size(); i++) {
            moved += before.get(i).equals(after.get(i)) ? 0 : 1;
        }
        return (double) moved / before.size();
    }

    private static ReplicaSet served(ReplicaSet planned) {
        List<Slot> slots = new ArrayList<>();
        for (Slot slot : planned.slots()) {
            slots.add(slot.replica() == null ? slot.occupiedBy(Pools.replica(slot.index()), ReplicaState.UP) : slot);
        }
        return new ReplicaSet(slots, List.of());
    }

    /** What an operator can do: slots are closed by one call and opened by another, and each publishes a table. */
    private static void make(Plan.Change change, RoutingTables tables) {
        if (!change.remove().isEmpty()) {
            Plan.Change remove = new Plan.Change(0, change.remove(), Map.of(), null);
            tables.publish(served(remove.applied(tables.current().pool())));
        }
        Plan.Change rest = new Plan.Change(change.add(), Set.of(), change.weights(), null);
        tables.publish(served(rest.applied(tables.current().pool())));
    }

    @Test
    void plan_ofAReplacementByJump_isTwoChanges() {
        RoutingTables tables = Pools.tables("consistent-hash", "jump", "header:x-key");
        tables.publish(Pools.of(5));
        Plan plan = tables.plan(new Plan.Change(1, Set.of("S2"), Map.of(), null));
        // 0 1 2 3 4, then 0 1 4 3, then 0 1 4 3 2: the last slot and the one that comes change places.
        assertThat(plan.moved()).isCloseTo(0.4, within(0.01));
        assertThat(plan.moves()).hasSize(2).allMatch(move -> move.from() + move.to() == 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "capped-rendezvous", "ketama", "maglev", "jump", "rendezvous"})
    void plan_ofEveryAlgorithm_isWhatThenMoves(String algorithm) {
        List<Plan.Change> changes = new ArrayList<>(List.of(
                new Plan.Change(1, Set.of(), Map.of(), null),
                new Plan.Change(0, Set.of("S2"), Map.of(), null),
                new Plan.Change(1, Set.of("S2"), Map.of(), null),
                new Plan.Change(2, Set.of("S0"), Map.of(), null)));
        if (!Set.of("classic", "jump").contains(algorithm)) {
            changes.add(new Plan.Change(0, Set.of(), Map.of("S1", 2.5), null));
        }
        for (Plan.Change change : changes) {
            RoutingTables tables = Pools.tables("consistent-hash", algorithm, "header:x-key");
            tables.publish(Pools.of(5));
            Plan plan = tables.plan(change);
            List<Integer> before = homes(tables, new SplittableRandom(SEED));
            make(change, tables);
            double observed = moved(before, homes(tables, new SplittableRandom(SEED)));
            System.out.printf("%s %s predicted=%.4f observed=%.4f%n", algorithm, change, plan.moved(), observed);
            assertThat(plan.moved()).isCloseTo(observed, within(0.01));
            if (change.remove().isEmpty() || change.add() == 0) {
                assertThat(tables.lastMoved()).isCloseTo(observed, within(0.01));
            }
            assertThat(plan.moves().stream().mapToDouble(Plan.Move::share).sum())
                    .isCloseTo(plan.moved(), within(1e-9));
        }
    }

    @Test
    void plan_ofAnotherAlgorithm_isWhatThenMoves() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "header:x-key");
        tables.publish(Pools.of(5));
        Plan plan = tables.plan(new Plan.Change(0, Set.of(), Map.of(), "maglev"));
        List<Integer> before = homes(tables, new SplittableRandom(SEED));
        tables.reconfigure(Pools.options("consistent-hash", "maglev", "header:x-key"));
        assertThat(plan.moved()).isCloseTo(moved(before, homes(tables, new SplittableRandom(SEED))), within(0.01));
        assertThat(plan.peakToMean()).isBetween(1.0, 1.1);
        assertThat(plan.headroom()).isCloseTo(1.25 / plan.peakToMean() - 1, within(1e-9));
    }

    @Test
    void plan_ofAPoolThatIsOrGetsEmpty_isAllOrNothing() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        assertThat(tables.plan(new Plan.Change(2, Set.of(), Map.of(), null)).moved())
                .isZero();
        tables.publish(Pools.of(1));
        assertThat(tables.plan(new Plan.Change(0, Set.of("S0"), Map.of(), null)).moved())
                .isEqualTo(1);
    }

    @Test
    void plan_ofWhatCannotBe_isRefused() {
        RoutingTables tables = Pools.tables("consistent-hash", "jump", "random");
        tables.publish(Pools.of(2));
        for (Plan.Change wrong : List.of(
                new Plan.Change(0, Set.of("S9"), Map.of(), null),
                new Plan.Change(0, Set.of(), Map.of("S0", 2.0), null),
                new Plan.Change(0, Set.of(), Map.of(), "magic"))) {
            assertThatThrownBy(() -> tables.plan(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
