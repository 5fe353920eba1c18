package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoopBalancerTest {
    @TempDir
    private Path directory;

    @Test
    void choice_goesThroughAllCandidatesAndThenThereIsNone() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        ReplicaSet set = Pools.of(4);
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        List<Replica> tried = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Replica next = loop.choose(loop.table(), 99, tried);
            assertThat(next).isNotNull().isNotIn(tried);
            tried.add(next);
        }
        assertThat(tried).isEqualTo(Pools.order(new ConsistentHashPolicy(LoopLoad.ofNoLoop()), 99, tables.current()));
        assertThat(loop.choose(loop.table(), 99, tried)).isNull();
    }

    @Test
    void ejectedReplica_isTheLastResort() {
        RoutingTables tables = Pools.tables("consistent-hash", "rendezvous", "random");
        ReplicaSet set = Pools.state(Pools.of(3), 1, ReplicaState.EJECTED);
        Replica ejected = set.ejected().getFirst();
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        List<Replica> serving = loop.table().serving();
        assertThat(serving).hasSize(2).doesNotContain(ejected);
        assertThat(loop.choose(loop.table(), 99, serving)).isEqualTo(ejected);
        assertThat(loop.choose(loop.table(), 99, List.of(serving.get(0), serving.get(1), ejected)))
                .isNull();
        tables.publish(Pools.state(Pools.state(set, 0, ReplicaState.DOWN), 2, ReplicaState.DEAD));
        assertThat(loop.choose(loop.table(), 99, List.of())).isEqualTo(ejected);
        assertThat(tables.explain(new byte[] {1}).candidates())
                .filteredOn(candidate -> candidate.verdict() == Explanation.Verdict.CHOSEN)
                .extracting(Explanation.Candidate::slot)
                .containsExactly(1);
        tables.publish(set);
        assertThat(tables.explain(new byte[] {1}).candidates())
                .filteredOn(candidate -> candidate.verdict() == Explanation.Verdict.EJECTED)
                .extracting(Explanation.Candidate::slot)
                .containsExactly(1);
        assertThat(tables.plan(new Plan.Change(1, Set.of(), Map.of(), null)).moved())
                .isBetween(0.2, 0.3);
    }

    @Test
    void policyFromAJar_isFoundByItsName() throws IOException {
        try (URLClassLoader plugins = PluginJar.loader(
                directory, "last-slot", "return () -> replicas.isEmpty() ? null : replicas.removeLast();")) {
            RoutingTables tables = new RoutingTables(Pools.options("last-slot", "rendezvous", "random"), plugins);
            ReplicaSet set = Pools.of(3);
            tables.publish(set);
            LoopBalancer loop = Pools.loop(tables);
            Replica last = set.serving().getLast();
            assertThat(loop.choose(loop.table(), 1, List.of())).isEqualTo(last);
            assertThat(loop.choose(loop.table(), 1, List.of(last)))
                    .isEqualTo(set.serving().get(1));
        }
    }

    @Test
    void policyThatFails_costsTheDistributionNotTheService() throws IOException {
        try (URLClassLoader plugins = PluginJar.loader(directory, "broken", "throw new IllegalStateException();")) {
            RoutingTables tables = new RoutingTables(Pools.options("broken", "rendezvous", "random"), plugins);
            ReplicaSet set = Pools.of(2);
            tables.publish(set);
            LoopBalancer loop = Pools.loop(tables);
            Replica first = set.serving().getFirst();
            assertThat(loop.choose(loop.table(), 1, List.of())).isEqualTo(first);
            assertThat(loop.choose(loop.table(), 1, List.of(first)))
                    .isEqualTo(set.serving().get(1));
            assertThat(loop.choose(loop.table(), 1, set.serving())).isNull();
        }
    }

    @Test
    void policyThatNeverEnds_isReadNoFurtherThanThePool() throws IOException {
        try (URLClassLoader plugins =
                PluginJar.loader(directory, "stubborn", "return () -> table.serving().getFirst();")) {
            RoutingTables tables = new RoutingTables(Pools.options("stubborn", "rendezvous", "random"), plugins);
            ReplicaSet set = Pools.of(2);
            tables.publish(set);
            LoopBalancer loop = Pools.loop(tables);
            assertThat(loop.choose(loop.table(), 1, List.of(set.serving().getFirst())))
                    .isNull();
        }
    }
}
