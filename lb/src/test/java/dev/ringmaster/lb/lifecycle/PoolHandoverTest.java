package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.SimulatedFile.Write;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Simulated;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two balancers that both live, and one pool that passes from one to the other, in simulated time. */
class PoolHandoverTest {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofSeconds(20);

    private final SimulatedBalancer old = SimulatedBalancer.serving(3);
    private final PoolHandover leaving = new PoolHandover(old.control, old.supervisor);
    private final List<ReplicaId> ids =
            old.set().serving().stream().map(Replica::id).toList();

    private CompletableFuture<Void> hold() {
        return leaving.hold(MOST).toCompletableFuture();
    }

    @Test
    void heldPool_routesAroundADeathAndReplacesItOnlyAfterwards() {
        CompletableFuture<Void> held = hold();
        old.run(SOON);
        assertThat(held).isCompleted();
        int started = old.replicas.started.size();
        int writes = old.file.writes;
        old.replicas.kill(ids.get(1));
        old.run(Duration.ofSeconds(3));
        assertThat(old.set().serving()).extracting(Replica::id).containsExactly(ids.get(0), ids.get(2));
        assertThat(old.replicas.started).hasSize(started);
        assertThat(old.file.writes).isEqualTo(writes);
        leaving.resume();
        old.run(Duration.ofSeconds(3));
        assertThat(old.set().serving()).hasSize(3);
        assertThat(old.file.writes)
                .as("written anew, whatever another one wrote")
                .isGreaterThan(writes);
    }

    @Test
    void hold_whileAReplicaIsAdded_waitsForIt_andRefusesMore() {
        old.replicas.nextStart = () -> Start.SLOWLY;
        var first = old.changes.add(1, List.of("first")).toCompletableFuture();
        old.run(Duration.ofMillis(20));
        CompletableFuture<Void> held = hold();
        old.run(Duration.ofMillis(20));
        assertThat(held).isNotDone();
        var second = old.changes.add(1, List.of("second")).toCompletableFuture();
        old.run(Duration.ofSeconds(10));
        assertThat(first).isCompleted();
        assertThat(held).isCompleted();
        assertThat(second).isCompletedExceptionally();
        assertThat(old.set().names()).containsExactly("S1", "S2", "S3", "first");
    }

    @Test
    void hold_whileAReplicaHangs_isGivenUpInTheEnd() {
        old.replicas.nextStart = () -> Start.HANG;
        old.changes.add(1, List.of("never"));
        old.run(Duration.ofMillis(20));
        CompletableFuture<Void> held = leaving.hold(Duration.ofSeconds(1)).toCompletableFuture();
        old.run(Duration.ofSeconds(2));
        assertThat(held.exceptionNow()).hasMessage("replicas are being started or stopped");
        old.replicas.kill(ids.getFirst());
        old.replicas.nextStart = () -> Start.WELL;
        old.run(Duration.ofSeconds(2));
        assertThat(old.set().serving()).as("the pool is kept again").hasSize(3);
    }

    @Test
    void hold_whereTheJournalCannotBeWritten_isGivenUp() {
        old.keepSpares(1);
        old.run(Duration.ofSeconds(1));
        CompletableFuture<Void> once = hold();
        old.run(SOON);
        assertThat(once).isCompleted();
        old.file.nextWrite = () -> Write.FAIL_BEFORE;
        CompletableFuture<Void> again = hold();
        old.run(SOON);
        assertThat(again.exceptionNow()).hasMessage("the journal could not be written");
    }

    @Test
    void hold_whileTheBalancerStops_isRefused() {
        old.stop();
        CompletableFuture<Void> held = hold();
        old.run(SOON);
        assertThat(held.exceptionNow()).hasMessage("the balancer is starting or stopping");
    }

    // ---- the next one -------------------------------------------------------------------------------------------

    private SimulatedBalancer next() {
        hold();
        old.run(SOON);
        SimulatedBalancer next = new SimulatedBalancer(old.time, old.file, new Random(1), 3);
        next.replicas.survive(old.replicas);
        return next;
    }

    private static CompletableFuture<Void> start(SimulatedBalancer next, PoolHandover taking) {
        taking.holdFromTheStart();
        CompletableFuture<Void> started = next.supervisor.start().toCompletableFuture();
        next.run(Duration.ofMillis(500));
        return started;
    }

    @Test
    void nextOne_adoptsAllAndTouchesNothing_untilThePoolIsItsOwn() {
        old.keepSpares(1);
        old.run(Duration.ofSeconds(1));
        ReplicaId spare = old.set().spares().getFirst().id();
        SimulatedBalancer next = next();
        ReplicaSpec orphan = new ReplicaSpec(ReplicaId.random(), "orphan", 7);
        next.replicas.alive.put(orphan.id(), new Simulated(orphan, 17));
        int writes = old.file.writes;
        next.keepSpares(1);
        PoolHandover taking = new PoolHandover(next.control, next.supervisor);
        assertThat(start(next, taking)).isCompleted();
        assertThat(next.set().serving()).extracting(Replica::id).isEqualTo(ids);
        assertThat(next.set().spares()).extracting(Replica::id).containsExactly(spare);
        var refused = next.changes.add(1, List.of()).toCompletableFuture();
        next.run(Duration.ofSeconds(1));
        assertThat(refused).isCompletedExceptionally();
        assertThat(next.replicas.stopped).isEmpty();
        assertThat(next.replicas.started).isEmpty();
        assertThat(old.file.writes).isEqualTo(writes);
        taking.resume();
        next.run(Duration.ofSeconds(1));
        assertThat(next.replicas.stopped).containsExactly("orphan");
        assertThat(next.replicas.started).isEmpty();
        assertThat(next.set().serving()).hasSize(3);
    }

    @Test
    void nextOne_whomNoReplicaAnswers_failsAndEndsNone() {
        SimulatedBalancer next = next();
        next.replicas.alive.values().forEach(replica -> replica.frozen = true);
        CompletableFuture<Void> started = start(next, new PoolHandover(next.control, next.supervisor));
        assertThat(started).isNotDone();
        next.run(ReplicaSupervisor.PROBING);
        assertThat(started.exceptionNow()).hasMessageContaining("none of the pool's replicas answered");
        assertThat(next.replicas.stopped).isEmpty();
        assertThat(next.replicas.alive).hasSize(3);
    }

    @Test
    void nextOne_whomOneReplicaDoesNotAnswer_servesWithTheOthersInTheEnd() {
        SimulatedBalancer next = next();
        next.replicas.alive.get(ids.get(1)).frozen = true;
        PoolHandover taking = new PoolHandover(next.control, next.supervisor);
        CompletableFuture<Void> started = start(next, taking);
        next.run(ReplicaSupervisor.PROBING);
        assertThat(started).isCompleted();
        assertThat(next.set().serving()).hasSize(2);
        assertThat(next.replicas.stopped).isEmpty();
        taking.resume();
        next.run(SimulatedBalancer.REPLACE_AFTER.plusSeconds(5));
        assertThat(next.set().serving()).hasSize(3);
        assertThat(next.state(1)).isEqualTo(ReplicaState.UP);
        assertThat(next.replicas.alive).doesNotContainKey(ids.get(1));
    }
}
