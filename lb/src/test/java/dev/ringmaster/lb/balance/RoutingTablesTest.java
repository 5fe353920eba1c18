package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutingTablesTest {
    private static Map<Long, Integer> homes(RoutingTable table) {
        Map<Long, Integer> homes = new HashMap<>();
        for (long key = 100_000; key < 102_000; key++) {
            homes.put(key, table.hash().owner(key));
        }
        return homes;
    }

    @Test
    void hash_isRebuiltOnlyWhenSlotsOrWeightsChange() {
        RoutingTables tables = Pools.tables("consistent-hash", "capped-rendezvous", "random");
        ReplicaSet set = Pools.of(4);
        tables.publish(set);
        ConsistentHash<Integer> hash = tables.current().hash();
        tables.publish(Pools.state(set, 1, ReplicaState.DOWN));
        assertThat(tables.current().hash()).isSameAs(hash);
        assertThat(tables.current().recovering()).isTrue();
        assertThat(tables.current().serves(set.serving().get(1))).isFalse();
        tables.publish(Pools.replaced(set, 1));
        assertThat(tables.current().hash()).isSameAs(hash);
        assertThat(tables.current().recovering()).isFalse();
        tables.publish(Pools.of(5));
        assertThat(tables.current().hash()).isNotSameAs(hash);
        ConsistentHash<Integer> five = tables.current().hash();
        List<Slot> slots = new ArrayList<>(Pools.of(5).slots());
        Slot heavy = slots.getFirst();
        slots.set(0, new Slot(heavy.index(), 3, heavy.name(), heavy.state(), heavy.replica()));
        tables.publish(new ReplicaSet(slots, List.of()));
        assertThat(tables.current().hash()).isNotSameAs(five);
        assertThat(tables.current().hash().weight(0)).isEqualTo(3);
        assertThat(tables.current().generation()).isEqualTo(5);
    }

    @Test
    void beforeTheFirstPublication_itPaysToWait() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        assertThat(tables.current().recovering()).isTrue();
        tables.publish(ReplicaSet.EMPTY);
        assertThat(tables.current().recovering()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "capped-rendezvous", "ketama", "maglev", "jump", "rendezvous"})
    void algorithm_ofAnyName_servesAnyPool(String algorithm) {
        RoutingTables tables = Pools.tables("consistent-hash", algorithm, "random");
        for (int count : new int[] {0, 1, 3, 8, 5, 0, 2}) {
            ReplicaSet set = Pools.of(count);
            tables.publish(set);
            for (long key = 100_000; key < 100_100; key++) {
                List<?> order = Pools.order(new ConsistentHashPolicy(LoopLoad.ofNoLoop()), key, tables.current());
                assertThat(order.size()).isEqualTo(count);
            }
        }
    }

    @Test
    void classicRing_slotsThatStay_keepTheirPositions() {
        RoutingTables tables = Pools.tables("consistent-hash", "classic", "random");
        tables.publish(Pools.of(3));
        Map<Long, Integer> three = homes(tables.current());
        tables.publish(Pools.of(4));
        Map<Long, Integer> four = homes(tables.current());
        // A new server takes from the others, and nothing moves between those that stay.
        four.forEach((key, slot) -> assertThat(slot).isIn(three.get(key), 3));
        tables.publish(Pools.without(Pools.of(4), 3));
        assertThat(homes(tables.current())).isEqualTo(three);
        tables.publish(Pools.of(4));
        tables.publish(Pools.without(Pools.of(4), 0));
        homes(tables.current()).forEach((key, slot) -> {
            if (four.get(key) != 0) {
                assertThat(slot).isEqualTo(four.get(key));
            }
        });
    }

    @Test
    void publication_isCompleteWhenEverySubscriberHasSeenIt() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        Queue<Runnable> first = new ArrayDeque<>();
        Queue<Runnable> second = new ArrayDeque<>();
        List<Long> seen = new ArrayList<>();
        tables.subscribe(first::add, table -> seen.add(table.generation()));
        tables.subscribe(second::add, table -> seen.add(-table.generation()));
        CompletionStage<Void> published = tables.publish(Pools.of(1));
        assertThat(tables.current().serving()).hasSize(1);
        first.remove().run();
        assertThat(published.toCompletableFuture()).isNotDone();
        second.remove().run();
        assertThat(published.toCompletableFuture()).isCompleted();
        assertThat(seen).containsExactly(1L, -1L);
    }

    @Test
    void publication_afterALoopHasStopped_isComplete() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        tables.subscribe(
                _ -> {
                    throw new RejectedExecutionException();
                },
                _ -> {});
        assertThat(tables.publish(Pools.of(1)).toCompletableFuture()).isCompleted();
    }

    @Test
    void publication_thatTheHashCannotTake_changesNothing() {
        RoutingTables tables = Pools.tables("consistent-hash", "classic", "random");
        tables.publish(Pools.of(3));
        RoutingTable before = tables.current();
        assertThatThrownBy(() -> tables.publish(Pools.of(64))).isInstanceOf(IllegalArgumentException.class);
        assertThat(tables.current()).isSameAs(before);
        tables.publish(Pools.of(4));
        assertThat(tables.current().serving()).hasSize(4);
    }

    @Test
    void reconfiguration_ofThePolicy_reachesEveryLoopAndKeepsTheHash() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        ReplicaSet set = Pools.of(3);
        tables.publish(set);
        ConsistentHash<Integer> hash = tables.current().hash();
        LoopBalancer loop = Pools.loop(tables);
        assertThat(firsts(loop)).containsOnly(loop.choose(loop.table(), 7, List.of()));
        tables.reconfigure(Pools.options("round-robin", "rendezvous", "header:X-User"));
        assertThat(tables.current().hash()).isSameAs(hash);
        assertThat(loop.keyHeader()).isEqualTo("x-user");
        assertThat(firsts(loop)).containsAll(set.serving());
        tables.reconfigure(Pools.options("round-robin", "maglev", "random"));
        assertThat(tables.current().hash()).isNotSameAs(hash);
    }

    private static List<Object> firsts(LoopBalancer loop) {
        List<Object> firsts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            firsts.add(loop.choose(loop.table(), 7, List.of()));
        }
        return firsts;
    }

    @Test
    void reconfiguration_thatNamesWhatIsNot_changesNothing() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        RoutingTable before = tables.current();
        for (BalanceOptions wrong : List.of(
                Pools.options("fastest", "rendezvous", "random"),
                Pools.options("random", "magic", "random"),
                Pools.options("random", "rendezvous", "moon"))) {
            assertThatThrownBy(() -> tables.reconfigure(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(tables.current()).isSameAs(before);
    }

    @Test
    void classicRing_withoutAKey_drawsIdsOfSixDigits() {
        RoutingTables classic = Pools.tables("consistent-hash", "classic");
        LoopBalancer loop = Pools.loop(classic);
        RequestKey key = classic.current().distribution().key();
        for (int i = 0; i < 1000; i++) {
            assertThat(key.hash(new NoParts())).isBetween(100_000L, 999_999L);
        }
        assertThat(loop.keyHeader()).isNull();
    }

    /** A request without anything that a key could be taken from. */
    private record NoParts() implements KeySource {
        @Override
        public byte[] bytes() {
            return new byte[0];
        }

        @Override
        public long header(String lowerCaseName) {
            return -1;
        }

        @Override
        public long uri() {
            return -1;
        }

        @Override
        public long path() {
            return -1;
        }

        @Override
        public byte[] clientAddress() {
            return new byte[0];
        }
    }
}
