package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Simulated;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A balancer that goes on where another one was killed, over replicas that run on, in simulated time. */
class TakeoverTest {
    private static final Duration SOON = Duration.ofMillis(50);

    private final SimulatedBalancer before = SimulatedBalancer.serving(3);
    private final List<ReplicaId> ids =
            before.set().serving().stream().map(Replica::id).toList();

    private static Simulated put(SimulatedBalancer balancer, int slot, String name) {
        ReplicaSpec spec = new ReplicaSpec(ReplicaId.random(), name, slot);
        Simulated replica = new Simulated(spec, 10 + slot);
        balancer.replicas.alive.put(spec.id(), replica);
        return replica;
    }

    private static void startFor(SimulatedBalancer balancer, Duration duration) {
        balancer.supervisor.start();
        balancer.run(duration);
    }

    @Test
    void replicas_thatRun_keepTheirSeatsAndSoonServe() {
        SimulatedBalancer after = before.successor(1);
        startFor(after, SOON);
        assertThat(after.set().serving()).extracting(Replica::id).isEqualTo(ids);
        assertThat(after.set().names()).containsExactly("S1", "S2", "S3");
        assertThat(after.replicas.started).isEmpty();
    }

    @Test
    void replicas_thatAreGoneOrOrphans_areFilledAndEnded() {
        SimulatedBalancer after = before.successor(1);
        after.replicas.alive.remove(ids.get(1));
        put(after, 7, "orphan");
        startFor(after, Duration.ofSeconds(1));
        assertThat(after.set().serving())
                .extracting(Replica::id)
                .contains(ids.get(0), ids.get(2))
                .hasSize(3);
        assertThat(after.set().names()).containsExactly("S1", "S2", "S3");
        assertThat(after.replicas.stopped).containsExactly("orphan");
        assertThat(after.replicas.started).hasSize(1);
    }

    @Test
    void replica_thatRunsAndDoesNotAnswer_isReplacedWhileTheOthersServe() {
        SimulatedBalancer after = before.successor(1);
        after.replicas.alive.get(ids.get(0)).frozen = true;
        startFor(after, SimulatedBalancer.REPLACE_AFTER);
        assertThat(after.set().serving()).extracting(Replica::id).containsExactly(ids.get(1), ids.get(2));
        after.run(Duration.ofSeconds(4));
        assertThat(after.set().serving()).hasSize(3);
        assertThat(after.replicas.alive).hasSize(3).doesNotContainKey(ids.get(0));
    }

    @Test
    void replacement_onItsWayWhenTheBalancerWasKilled_takesItsSeat() {
        before.replicas.nextStart = () -> Start.SLOWLY;
        before.replicas.kill(ids.get(1));
        before.run(Duration.ofMillis(20));
        ReplicaSpec onItsWay = before.replicas.started.getLast();
        SimulatedBalancer after = before.successor(1);
        after.replicas.alive.put(onItsWay.id(), new Simulated(onItsWay, 77));
        startFor(after, SOON);
        assertThat(after.replica(1).id()).isEqualTo(onItsWay.id());
        assertThat(after.state(1)).isEqualTo(ReplicaState.UP);
        assertThat(after.replicas.started).isEmpty();
    }

    @Test
    void addition_notAcknowledged_isUndone() {
        before.replicas.nextStart = () -> Start.SLOWLY;
        before.changes.add(1, List.of("half"));
        before.run(Duration.ofMillis(20));
        ReplicaSpec half = before.replicas.started.getLast();
        SimulatedBalancer after = before.successor(1);
        after.replicas.alive.put(half.id(), new Simulated(half, 77));
        startFor(after, Duration.ofSeconds(1));
        assertThat(after.set().names()).containsExactly("S1", "S2", "S3");
        assertThat(after.replicas.stopped).containsExactly("half");
    }

    @Test
    void replica_thatComesIntoBeingAfterItsBalancerWasGone_isFoundAndEnded() {
        before.replicas.comesLate = () -> true;
        before.replicas.nextStart = () -> Start.SLOWLY;
        before.replicas.kill(ids.get(1));
        before.run(Duration.ofMillis(20));
        ReplicaId asked = before.replicas.started.getLast().id();
        SimulatedBalancer after = before.successor(1);
        startFor(after, Duration.ofSeconds(15));
        assertThat(after.replicas.alive).containsKey(asked).hasSize(4);
        SimulatedBalancer third = after.successor(2);
        startFor(third, Spawn.DEADLINE.plusSeconds(2));
        assertThat(third.set().serving()).hasSize(3).extracting(Replica::id).doesNotContain(asked);
        assertThat(third.replicas.alive).hasSize(3);
    }

    @Test
    void lateReplica_isAwaitedAlsoByTheBalancerAfterTheNext() throws IOException {
        before.replicas.nextStart = () -> Start.SLOWLY;
        before.changes.add(1, List.of("half"));
        before.run(Duration.ofMillis(20));
        ReplicaSpec half = before.replicas.started.getLast();
        SimulatedBalancer after = before.successor(1);
        startFor(after, Duration.ofSeconds(1));
        assertThat(new Journal(after.file).read().orElseThrow().intents()).containsExactly(half);
        SimulatedBalancer third = after.successor(2);
        startFor(third, Duration.ofSeconds(1));
        third.replicas.alive.put(half.id(), new Simulated(half, 77));
        third.run(Spawn.DEADLINE);
        assertThat(third.replicas.stopped).containsExactly("half");
    }

    @Test
    void replica_thatDiesWhileItIsBeingFound_isReplacedWithoutWaitingForIt() {
        SimulatedBalancer after = before.successor(1);
        after.supervisor.start();
        after.replicas.onList = () -> after.replicas.kill(ids.get(0));
        after.run(Duration.ofMillis(500));
        assertThat(after.set().serving()).hasSize(3).extracting(Replica::id).doesNotContain(ids.get(0));
    }

    @Test
    void start_whileNothingAnswers_waitsForIt() {
        SimulatedBalancer after = before.successor(1);
        after.replicas.unanswered = true;
        startFor(after, Duration.ofSeconds(5));
        assertThat(after.set().slots()).isEmpty();
        after.replicas.unanswered = false;
        after.run(Duration.ofSeconds(2));
        assertThat(after.set().serving()).extracting(Replica::id).isEqualTo(ids);
    }

    @Test
    void pool_whoseJournalIsLost_isMadeAnewOfWhatRuns() {
        SimulatedBalancer after = before.successor(1);
        after.file.setAside();
        startFor(after, SOON);
        assertThat(after.set().serving()).extracting(Replica::id).isEqualTo(ids);
        assertThat(after.replicas.started).isEmpty();
    }

    @Test
    void pool_thatCannotBePublished_isOneClearError() {
        SimulatedBalancer after = before.successor(1);
        after.onPublish = _ -> {
            throw new IllegalArgumentException("no room");
        };
        var started = after.supervisor.start().toCompletableFuture();
        after.run(SOON);
        assertThat(started).isCompletedExceptionally();
        assertThat(started.exceptionNow()).hasMessage("no room");
    }
}
