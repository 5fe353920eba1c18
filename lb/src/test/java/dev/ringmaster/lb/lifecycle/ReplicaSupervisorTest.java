package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.ringmaster.lb.lifecycle.SimulatedFile.Write;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What follows from deaths, silence, restarts and the stop, in simulated time. */
class ReplicaSupervisorTest {
    private static final Duration SOON = Duration.ofMillis(200);

    private static SimulatedBalancer fresh(int n) {
        return new SimulatedBalancer(new SimulatedTime(), new SimulatedFile(), new Random(1), n);
    }

    @Test
    void start_withoutJournal_opensFirstSeatsAndCompletesOnceOneServes() {
        SimulatedBalancer balancer = fresh(3);
        CompletableFuture<Void> started = balancer.supervisor.start().toCompletableFuture();
        assertThat(started).isNotDone();
        balancer.run(Duration.ofSeconds(1));
        assertThat(started).isCompleted();
        assertThat(balancer.set().names()).containsExactly("S1", "S2", "S3");
    }

    @Test
    void start_ofNoReplicas_completesAtOnce() {
        SimulatedBalancer balancer = fresh(0);
        CompletableFuture<Void> started = balancer.supervisor.start().toCompletableFuture();
        balancer.run(SOON);
        assertThat(started).isCompleted();
    }

    @Test
    void start_whenEveryStartFails_failsWithTheLastReason() {
        SimulatedBalancer balancer = fresh(2);
        balancer.replicas.nextStart = () -> Start.FAIL;
        CompletableFuture<Void> started = balancer.supervisor.start().toCompletableFuture();
        balancer.run(Duration.ofSeconds(30));
        assertThat(started).isCompletedExceptionally();
        assertThat(started.exceptionNow()).hasMessage("no replica became healthy: simulated failure");
        assertThat(balancer.replicas.started).hasSize(2 * SpawnBackoff.LIMIT);
        assertThat(balancer.set().slots()).allMatch(slot -> slot.state() == ReplicaState.FAILED);
    }

    @Test
    void start_afterAnUncleanDeath_refillsJournaledSeatsAndDropsTheRest() throws IOException {
        SimulatedFile file = new SimulatedFile();
        ReplicaId id = ReplicaId.random();
        new Journal(file)
                .write(new Journal.State(
                        List.of(new ReplicaSpec(id, "S-old", 4), new ReplicaSpec(id, "S1", 0)),
                        List.of(new ReplicaSpec(id, "half", 1)),
                        List.of(new ReplicaSpec(id, "leaving-x", 2)),
                        List.of()));
        SimulatedBalancer balancer = new SimulatedBalancer(new SimulatedTime(), file, new Random(1), 3);
        balancer.supervisor.start();
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().names()).containsExactly("S-old", "S1");
        assertThat(balancer.set().slots()).extracting(slot -> slot.index()).containsExactly(4, 0);
        Journal.State written = new Journal(file).read().orElseThrow();
        assertThat(written.intents()).as("may come into being still").hasSize(1);
        assertThat(written.leaving()).isEmpty();
        assertThat(written.slots()).extracting(ReplicaSpec::id).doesNotContain(id);
    }

    @Test
    void death_ofAnOldReplica_isRespawnedAtOnceUnderARandomNameInItsSeat() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(3);
        balancer.run(Duration.ofSeconds(10));
        balancer.replicas.die(balancer.replica(1).id());
        balancer.run(SOON);
        assertThat(balancer.state(1)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.set().names()).hasSize(3).startsWith("S1").endsWith("S3");
        assertThat(balancer.replica(1).name()).matches("S-[a-z2-9]{6}");
        assertThat(balancer.supervisor.stats().respawns()).isEqualTo(1);
    }

    @Test
    void death_bySignalSoonAfterServing_isNoCrashLoopHoweverOften() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        for (int i = 0; i < 3 * SpawnBackoff.LIMIT; i++) {
            balancer.replicas.kill(balancer.replica(0).id());
            balancer.run(Duration.ofMillis(300));
            assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        }
    }

    @Test
    void crashLoop_afterItsLimit_givesUpThatSeatAloneUntilItIsRemoved() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        int before = balancer.replicas.started.size();
        balancer.replicas.nextStart = () -> Start.DIE;
        balancer.replicas.die(balancer.replica(0).id());
        balancer.run(Duration.ofMinutes(1));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.FAILED);
        assertThat(balancer.state(1)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replicas.started.size() - before).isEqualTo(SpawnBackoff.LIMIT - 1);
        balancer.replicas.nextStart = () -> Start.WELL;
        balancer.changes.remove(1, List.of(balancer.set().names().getFirst()), false);
        balancer.changes.add(1, List.of("again"));
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().names()).containsExactly("S2", "again");
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
    }

    @Test
    void crashLoop_ofReplicasThatStopListeningFirst_isNoticedToo() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        balancer.onPublish = set -> {
            for (Replica replica : set.serving()) {
                if (replica.slot() == 0) {
                    balancer.replicas.alive.get(replica.id()).mute = true;
                    balancer.time.after(
                            Duration.ofMillis(100), () -> balancer.supervisor.connectFailed(replica, refused()));
                    balancer.time.after(Duration.ofMillis(150), () -> balancer.replicas.die(replica.id()));
                }
            }
        };
        balancer.replicas.die(balancer.replica(0).id());
        balancer.run(Duration.ofMinutes(1));
        assertThat(balancer.published).anyMatch(set -> set.slots().getFirst().state() == ReplicaState.DOWN);
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.FAILED);
    }

    private static ConnectException refused() {
        return new ConnectException("Connection refused");
    }

    @Test
    void silentReplica_isEjectedInTimeAndReplacedLater_alsoWhenItIsTheOnlyOne() {
        for (int n = 1; n <= 3; n += 2) {
            SimulatedBalancer balancer = SimulatedBalancer.serving(n);
            Replica frozen = balancer.replica(0);
            balancer.simulated(0).frozen = true;
            // interval + fall x max(interval, timeout)
            balancer.run(Duration.ofMillis(1500 + 10));
            assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
            balancer.run(SimulatedBalancer.REPLACE_AFTER.minusMillis(600));
            assertThat(balancer.replica(0)).isEqualTo(frozen);
            balancer.run(Duration.ofSeconds(1));
            assertThat(balancer.replica(0)).isNotEqualTo(frozen);
            assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
            assertThat(balancer.replicas.alive).hasSize(n).doesNotContainKey(frozen.id());
        }
    }

    @Test
    void silentReplica_thatAnswersAgain_isBackWithinTwoIntervals() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(3);
        Replica frozen = balancer.replica(1);
        balancer.simulated(1).frozen = true;
        balancer.run(Duration.ofSeconds(3));
        assertThat(balancer.state(1)).isEqualTo(ReplicaState.DOWN);
        balancer.simulated(1).frozen = false;
        balancer.run(Duration.ofSeconds(1).plusMillis(10));
        assertThat(balancer.state(1)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(1)).isEqualTo(frozen);
    }

    @Test
    void silenceOfAll_ejectsHalfAtMost() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(5);
        balancer.replicas.alive.values().forEach(replica -> replica.frozen = true);
        balancer.run(Duration.ofSeconds(4));
        assertThat(balancer.set().slots().stream()
                        .filter(slot -> slot.state() == ReplicaState.DOWN)
                        .count())
                .isEqualTo(2);
    }

    @Test
    void silenceOfAll_neverTakesMoreThanHalfUntilSuccessorsServe() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(5);
        balancer.replicas.nextStart = () -> Start.HANG;
        balancer.replicas.alive.values().forEach(replica -> replica.frozen = true);
        balancer.run(Duration.ofSeconds(20));
        assertThat(balancer.set().serving()).hasSize(3);
    }

    @Test
    void stallOfTheProcess_isNobodysDeath() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(3);
        balancer.replicas.alive.values().forEach(replica -> replica.frozen = true);
        for (int i = 0; i < 20; i++) {
            balancer.run(Duration.ofMillis(230));
            balancer.time.stall(Duration.ofSeconds(2));
        }
        assertThat(balancer.set().serving()).hasSize(3);
        balancer.run(Duration.ofSeconds(3));
        assertThat(balancer.set().serving()).hasSize(2);
    }

    @Test
    void refusedConnection_asksTheReplicaItselfBeforeAnythingIsConcluded() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        balancer.run(Duration.ofMillis(60));
        int before = balancer.published.size();
        balancer.supervisor.connectFailed(balancer.replica(0), refused());
        balancer.run(Duration.ofMillis(20));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.published)
                .as("who was refused and waits is to try again")
                .hasSize(before + 1);
        balancer.simulated(0).mute = true;
        balancer.run(Duration.ofMillis(60));
        balancer.supervisor.connectFailed(balancer.replica(0), refused());
        balancer.run(Duration.ofMillis(20));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
        assertThat(balancer.supervisor.stats().ejections()).containsExactly(entry("refused", 1.0));
        assertThat(balancer.supervisor.stats().probeFailures()).isEqualTo(1);
    }

    @Test
    void heartbeatFlaps_writeNoJournal() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        int writes = balancer.file.writes;
        balancer.simulated(0).frozen = true;
        balancer.run(Duration.ofSeconds(3));
        balancer.simulated(0).frozen = false;
        balancer.run(Duration.ofSeconds(3));
        assertThat(balancer.supervisor.stats().ejections()).containsExactly(entry("silent", 1.0));
        assertThat(balancer.file.writes).isEqualTo(writes);
    }

    @Test
    void journal_thatFailed_isWrittenAgainUntilItHolds() throws IOException {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        balancer.file.nextWrite = () -> Write.FAIL_BEFORE;
        balancer.replicas.die(balancer.replica(0).id());
        balancer.run(Duration.ofSeconds(5));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        balancer.file.nextWrite = () -> Write.WELL;
        balancer.run(Duration.ofSeconds(1).plusMillis(1));
        assertThat(new Journal(balancer.file).read().orElseThrow().slots())
                .extracting(ReplicaSpec::name)
                .isEqualTo(balancer.set().names());
    }

    @Test
    void exit_beforeTheStartHasReturned_isAFailedStartWithoutAnOrphan() {
        SimulatedBalancer balancer = fresh(1);
        boolean[] first = {true};
        balancer.replicas.nextStart = () -> {
            Start how = first[0] ? Start.DIE : Start.WELL;
            first[0] = false;
            return how;
        };
        balancer.supervisor.start();
        balancer.run(Duration.ofSeconds(2));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replicas.alive).containsOnlyKeys(balancer.replica(0).id());
        assertThat(balancer.supervisor.stats().spawnFailures()).isEqualTo(1);
    }

    @Test
    void start_thatHangs_isGivenUpAfterItsDeadlineAndLeavesNoOrphan() {
        SimulatedBalancer balancer = fresh(1);
        balancer.replicas.nextStart = () -> Start.HANG;
        balancer.supervisor.start();
        balancer.run(Spawn.DEADLINE.minusSeconds(1));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.STARTING);
        balancer.replicas.nextStart = () -> Start.WELL;
        balancer.run(Duration.ofSeconds(5));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replicas.alive).hasSize(1);
    }

    @Test
    void stop_whileEverythingIsUnderWay_leavesNothingBehindInBoundedTime() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(3);
        balancer.replicas.nextStart = () -> Start.HANG;
        balancer.replicas.die(balancer.replica(0).id());
        var adding = balancer.changes.add(2, List.of()).toCompletableFuture();
        var waiting = balancer.changes.remove(1, List.of(), false).toCompletableFuture();
        balancer.simulated(1).frozen = true;
        balancer.replica(2).inFlight().begin(0);
        balancer.run(Duration.ofMillis(500));
        CompletableFuture<Void> stopped = balancer.stop().toCompletableFuture();
        balancer.run(Duration.ofNanos(1));
        balancer.expectSilence();
        balancer.run(SimulatedBalancer.DRAIN.minusMillis(10));
        assertThat(balancer.replicas.alive).as("drains").isNotEmpty();
        balancer.run(Drains.STOP_GRACE.plusSeconds(1));
        assertThat(stopped).isCompleted();
        assertThat(balancer.replicas.alive).isEmpty();
        assertThat(adding.exceptionNow()).hasMessageContaining("the balancer is stopping");
        assertThat(waiting.exceptionNow()).hasMessage("The balancer is starting or stopping");
        assertThat(balancer.stop().toCompletableFuture()).isCompleted();
    }

    @Test
    void stop_whenTheProviderCannotStopAReplica_endsAllTheSame() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        balancer.replicas.stopFails = () -> true;
        CompletableFuture<Void> stopped = balancer.stop().toCompletableFuture();
        balancer.run(SimulatedBalancer.DRAIN.plus(Drains.STOP_GRACE));
        assertThat(stopped).isNotDone();
        balancer.run(Duration.ofSeconds(6));
        assertThat(stopped).isCompleted();
    }

    @Test
    void reconfigured_replaceAfter_isFollowedAtOnce() {
        SimulatedBalancer balancer = SimulatedBalancer.serving(2);
        Replica frozen = balancer.replica(0);
        balancer.simulated(0).frozen = true;
        balancer.run(Duration.ofSeconds(2));
        LifecycleOptions now = balancer.supervisor.options();
        balancer.supervisor.reconfigure(
                new LifecycleOptions(
                        now.pool(), 2, 8, 0, Duration.ofMillis(100), now.drainTimeout(), now.stateDir(), false),
                SimulatedBalancer.HEALTH);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.replica(0)).isNotEqualTo(frozen);
    }
}
