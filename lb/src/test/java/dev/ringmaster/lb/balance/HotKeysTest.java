package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From requests on several event loops to slots for hot keys, and back. */
final class HotKeysTest {
    private static final long SEED = 20_261_124;
    private static final long HOT = 0x1234_5678_9abc_def0L;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Pools.Clock clock = new Pools.Clock();
    private final RoutingTables tables = Pools.tables("capped-rendezvous", 0.5, Duration.ZERO);
    private final List<LoopBalancer> loops = new ArrayList<>();

    private void loops(int count) {
        for (int i = 0; i < count; i++) {
            loops.add(Pools.loop(tables));
        }
    }

    /** So many requests, on any loop, of which {@code part} are of the hot key. */
    private void request(int requests, double part) {
        for (int i = 0; i < requests; i++) {
            long key = random.nextDouble() < part ? HOT : random.nextLong();
            loops.get(random.nextInt(loops.size())).count(tables.current(), key);
        }
    }

    private void window(double part) {
        request(1_000, part);
        Pools.tick(tables, clock);
    }

    private KeyReport.Key told() {
        return tables.keys().keys().getFirst();
    }

    private int slots() {
        double need = tables.current().hotKeys().need(HOT);
        return need == 0 ? 1 : HotKeys.slots(tables.current(), HOT, need);
    }

    /** The first slots of the key's own order. */
    private Set<Integer> firstOfOrder(int count) {
        Set<Integer> slots = new HashSet<>();
        var walk = tables.current().hash().candidates().reset(HOT);
        while (slots.size() < count) {
            slots.add(Objects.requireNonNull(walk.next()));
        }
        return slots;
    }

    @Test
    void key_ofThirtyPercent_getsThreeOfFiveSlotsAfterOneWindow() {
        loops(Pools.LOOPS);
        tables.publish(Pools.of(5));
        long generation = tables.current().generation();
        window(0.3);

        assertThat(tables.current().generation()).isEqualTo(generation + 1);
        assertThat(told().hash()).isEqualTo(HOT);
        assertThat(told().share()).as("seed %d", SEED).isCloseTo(0.3, within(0.05));
        assertThat(told().error()).isLessThan(0.02);
        assertThat(told().home()).isEqualTo(tables.current().hash().owner(HOT));
        assertThat(told().slots()).isBetween(3, 4).isEqualTo(slots());
        assertThat(tables.keys().hot()).isEqualTo(1);
        assertThat(tables.keys().keys()).hasSizeBetween(2, 20);
        assertThat(tables.hotRequests()).isZero();
        for (int i = 0; i < 5; i++) {
            window(0.3);
        }
        assertThat(tables.current().generation()).as("steady").isLessThanOrEqualTo(generation + 2);
        assertThat((double) tables.hotRequests()).isCloseTo(1_500, within(150.0));
    }

    @Test
    void request_isCountedOnceHoweverOftenAReplicaIsChosenForIt() {
        loops(1);
        tables.publish(Pools.of(5));
        LoopBalancer loop = loops.getFirst();
        for (int i = 0; i < 100; i++) {
            long key = loop.key(new RequestKeyTest.Parts("", Map.of("x-key", "key " + i % 2)));
            // As one does that waits, is woken in vain, and fails over.
            Replica first = loop.choose(tables.current(), key, -1, List.of());
            assertThat(loop.choose(tables.current(), key, -1, List.of())).isEqualTo(first);
            assertThat(loop.choose(tables.current(), key, -1, List.of(Objects.requireNonNull(first))))
                    .isNotNull();
        }
        Pools.tick(tables, clock);
        assertThat(tables.keys().requests()).isEqualTo(100);
        assertThat(tables.keys().keys()).extracting(KeyReport.Key::share).containsExactly(0.5, 0.5);
    }

    @Test
    void requests_ofAHotKey_stayWithinItsSlotsOnEveryLoop() {
        loops(Pools.LOOPS);
        tables.publish(Pools.of(5));
        window(0.3);
        Set<Integer> allowed = firstOfOrder(slots());
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            LoopBalancer loop = loops.get(i % Pools.LOOPS);
            Replica chosen = loop.choose(tables.current(), HOT, List.of());
            assertThat(chosen).isNotNull();
            if (i == 0) {
                assertThat(chosen.slot())
                        .as("home while all are idle")
                        .isEqualTo(tables.current().hash().owner(HOT));
            }
            chosen.inFlight().begin(i % Pools.LOOPS);
            used.add(chosen.slot());
        }
        assertThat(used).isEqualTo(allowed);
    }

    @Test
    void order_ofAHotKey_namesEveryReplicaOnce() {
        loops(1);
        tables.publish(Pools.of(5));
        window(0.3);
        for (int busy = 0; busy < 200; busy++) {
            List<Replica> serving = tables.current().serving();
            serving.get(random.nextInt(5)).inFlight().begin(0);
            List<Replica> order = Pools.order(new ConsistentHashPolicy(LoopLoad.ofNoLoop()), HOT, tables.current());
            assertThat(order).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(serving);
        }
    }

    @Test
    void requests_ofAHotKeyWhoseSlotsAreFull_goOnInItsOrder() {
        loops(1);
        tables.publish(Pools.of(5));
        window(0.25);
        Set<Integer> own = firstOfOrder(slots());
        for (Replica replica : tables.current().serving()) {
            for (int i = own.contains(replica.slot()) ? 100 : 0; i > 0; i--) {
                replica.inFlight().begin(0);
            }
        }
        Replica beyond = loops.getFirst().choose(tables.current(), HOT, List.of());
        assertThat(beyond).isNotNull();
        assertThat(own).doesNotContain(beyond.slot());
        assertThat(firstOfOrder(own.size() + 1)).contains(beyond.slot());
    }

    @Test
    void key_thatCools_givesItsSlotsBack() {
        loops(2);
        tables.publish(Pools.of(5));
        window(0.3);
        int before = slots();
        int windows = 0;
        while (slots() > 1) {
            int now = slots();
            assertThat(now).isLessThanOrEqualTo(before);
            before = now;
            window(0);
            windows++;
        }
        assertThat(windows).as("half seconds").isBetween(2, 6);
        assertThat(tables.current().hotKeys()).isEqualTo(HotKeys.NONE).hasSameHashCodeAs(HotKeys.NONE);
        assertThat(tables.keys().hot()).isZero();
    }

    @Test
    void key_thatWavers_keepsItsSlots() {
        loops(1);
        tables.publish(Pools.of(5));
        window(0.15);
        window(0.15);
        assertThat(slots()).isEqualTo(2);
        long generation = tables.current().generation();
        for (int i = 0; i < 20; i++) {
            window(i % 2 == 0 ? 0.1 : 0.15);
        }
        assertThat(slots()).isEqualTo(2);
        assertThat(tables.current().generation()).as("seed %d", SEED).isEqualTo(generation);
    }

    @Test
    void key_ofFewRequests_isNotHot() {
        loops(1);
        tables.publish(Pools.of(5));
        request(HotKeyFinder.FEWEST - 1, 1);
        Pools.tick(tables, clock);
        assertThat(tables.keys().hot()).isZero();
        assertThat(told().share()).isEqualTo(1);
    }

    @Test
    void slots_ofAHotKey_comeUpToItsNeedByWeight() {
        loops(1);
        tables.publish(Pools.weighted(1, 1, 2, 1, 1));
        window(0.3);
        var walk = tables.current().hash().candidates().reset(HOT);
        double need = tables.current().hotKeys().need(HOT);
        double sum = 0;
        int slots = 0;
        while (sum < need - 1e-9) {
            sum += Objects.requireNonNull(walk.next()) == 2 ? 2.0 / 6 : 1.0 / 6;
            slots++;
        }
        assertThat(told().slots()).isEqualTo(slots).isBetween(2, 4);
        assertThat(need).as("at most half of a share").isBetween(0.6, 0.8);
    }

    @Test
    void slots_ofAHotKey_areThoseThatServe() {
        loops(1);
        tables.publish(Pools.of(5));
        window(0.3);
        int home = tables.current().hash().owner(HOT);
        tables.publish(Pools.state(tables.current().pool(), home, ReplicaState.DOWN));
        assertThat(slots()).isBetween(2, 4);
        Replica chosen = loops.getFirst().choose(tables.current(), HOT, List.of());
        assertThat(chosen).isNotNull();
        assertThat(chosen.slot()).isNotEqualTo(home);
    }

    @ParameterizedTest
    @CsvSource({"consistent-hash, random", "least-connections, uri"})
    void keys_withoutPower_areNotCounted(String policy, String key) {
        RoutingTables others = Pools.tables(policy, "rendezvous", key);
        LoopBalancer loop = Pools.loop(others);
        others.publish(Pools.of(3));
        for (int i = 0; i < 1_000; i++) {
            loop.count(others.current(), HOT);
        }
        Pools.tick(others, clock);
        assertThat(others.keys()).isEqualTo(KeyReport.NONE);
        assertThat(others.current().hotKeys().size()).isZero();
    }

    @Test
    void keys_onceTheyAreNotHashedAnyMore_areCold() {
        loops(1);
        tables.publish(Pools.of(5));
        window(0.3);
        tables.reconfigure(Pools.options("round-robin", "capped-rendezvous", "header:x-key"));
        window(0.3);
        assertThat(tables.keys()).isEqualTo(KeyReport.NONE);
        assertThat(tables.current().hotKeys()).isEqualTo(HotKeys.NONE);
    }

    @Test
    void keys_whileNobodyServesOrAsks_areNone() {
        loops(1);
        Pools.tick(tables, clock);
        assertThat(tables.keys()).isEqualTo(new KeyReport(true, 0, List.of()));
        tables.publish(Pools.state(Pools.of(1), 0, ReplicaState.DOWN));
        window(1);
        assertThat(tables.keys().hot()).isZero();
    }

    @Test
    void loop_thatDoesNotAnswer_holdsNothingUp() {
        List<Runnable> stuck = new ArrayList<>();
        loops(1);
        new LoopBalancer(tables, stuck::add, 2);
        tables.publish(Pools.of(5));
        window(0.3);
        window(0.3);
        assertThat(stuck).as("asked once").hasSize(1);
        assertThat(tables.keys()).isEqualTo(KeyReport.NONE);
        stuck.removeFirst().run();
        assertThat(tables.keys().hot()).isEqualTo(1);
    }

    @Test
    void loop_thatHasStopped_isNoError() {
        loops(1);
        new LoopBalancer(
                tables,
                task -> {
                    throw new RejectedExecutionException("stopped");
                },
                2);
        tables.publish(Pools.of(5));
        window(0.3);
        assertThat(tables.keys()).isEqualTo(KeyReport.NONE);
    }
}
