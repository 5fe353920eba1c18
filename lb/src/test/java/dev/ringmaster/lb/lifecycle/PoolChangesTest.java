package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.ControlException.Kind;
import dev.ringmaster.lb.lifecycle.SimulatedFile.Write;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Adding and removing at an operator's word, in simulated time. */
class PoolChangesTest {
    private final SimulatedBalancer balancer = SimulatedBalancer.serving(3);

    private CompletableFuture<ReplicaSet> after(CompletionStage<ReplicaSet> change) {
        balancer.run(Duration.ofSeconds(1));
        return change.toCompletableFuture();
    }

    private CompletableFuture<ReplicaSet> add(int n, String... names) {
        return after(balancer.changes.add(n, List.of(names)));
    }

    private CompletableFuture<ReplicaSet> remove(int n, String... names) {
        return after(balancer.changes.remove(n, List.of(names), false));
    }

    private static void assertFailed(CompletableFuture<ReplicaSet> change, Kind kind, String text) {
        assertThat(change).isCompletedExceptionally();
        assertThat(change.exceptionNow()).isInstanceOf(ControlException.class).hasMessage(text);
        assertThat(((ControlException) change.exceptionNow()).kind()).isEqualTo(kind);
    }

    @Test
    void add_namedAndUnnamed_appendsThemInOrderInTheLowestFreeSeats() {
        remove(1, "S2");
        ReplicaSet set = add(3, "S5", "S4").join();
        assertThat(set.names()).hasSize(5).startsWith("S1", "S3", "S5", "S4");
        assertThat(set.slots()).extracting(slot -> slot.index()).containsExactly(0, 2, 1, 3, 4);
        assertThat(set.serving()).hasSize(5);
    }

    @Test
    void remove_named_takesThemAndTheirNameIsFreeWhileTheyDrain() {
        Replica leaving = balancer.replica(1);
        leaving.inFlight().begin(0);
        assertThat(remove(1, "S2").join().names()).containsExactly("S1", "S3");
        assertThat(balancer.set().draining()).containsExactly(leaving);
        assertThat(add(1, "S2").join().names()).containsExactly("S1", "S3", "S2");
        assertThat(balancer.replicas.alive).hasSize(4).containsKey(leaving.id());
        assertThat(balancer.replica(1)).as("the seat's next replica").isNotEqualTo(leaving);
        leaving.inFlight().end(0);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.replicas.alive).hasSize(3).doesNotContainKey(leaving.id());
        assertThat(balancer.set().draining()).isEmpty();
    }

    @Test
    void remove_withARequestThatNeverEnds_stopsTheReplicaAtItsDeadline() {
        Replica leaving = balancer.replica(0);
        leaving.inFlight().begin(0);
        remove(1, "S1");
        balancer.run(SimulatedBalancer.DRAIN.minusMillis(1100));
        assertThat(balancer.replicas.alive).containsKey(leaving.id());
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.replicas.alive).doesNotContainKey(leaving.id());
    }

    @Test
    void remove_ofMoreThanThereAre_isRefusedOrClamped() {
        assertFailed(remove(4), Kind.REFUSED, "Cannot remove more instances than are present");
        assertThat(after(balancer.changes.remove(4, List.of(), true)).join().names())
                .isEmpty();
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.replicas.alive).isEmpty();
        assertThat(balancer.changes.current().target()).isZero();
    }

    @Test
    void weights_areThoseOfTheSeatsAndOutliveARestart() {
        assertThat(after(balancer.changes.weigh(Map.of("S2", 2.5))).join().slots())
                .extracting(Slot::weight)
                .containsExactly(1.0, 2.5, 1.0);
        balancer.replicas.die(balancer.replica(1).id());
        balancer.run(Duration.ofSeconds(2));
        assertThat(balancer.set().slots()).extracting(Slot::weight).containsExactly(1.0, 2.5, 1.0);
        assertFailed(
                after(balancer.changes.weigh(Map.of("S1", 3.0, "S9", 2.0))),
                Kind.REFUSED,
                "Hostname 'S9' is not a managed replica");
        assertThat(balancer.set().slots()).extracting(Slot::weight).containsExactly(1.0, 2.5, 1.0);
    }

    @Test
    void change_thatThePoolCannotDo_isRefusedAndChangesNothing() {
        assertFailed(add(1, "S1"), Kind.REFUSED, "Hostname 'S1' already exists");
        assertFailed(add(6), Kind.REFUSED, "Cannot manage more than 8 replicas");
        assertFailed(remove(1, "S9"), Kind.REFUSED, "Hostname 'S9' is not a managed replica");
        assertThat(balancer.set().names()).containsExactly("S1", "S2", "S3");
        assertThat(balancer.replicas.started).hasSize(3);
    }

    @Test
    void remove_ofASeatThatIsBeingFilled_callsItsStartOff() {
        balancer.replicas.nextStart = () -> Start.HANG;
        balancer.replicas.die(balancer.replica(1).id());
        balancer.run(Duration.ofSeconds(2));
        assertThat(balancer.state(1)).isEqualTo(ReplicaState.STARTING);
        assertThat(remove(1, "S2").join().names()).containsExactly("S1", "S3");
        balancer.run(Duration.ofSeconds(60));
        assertThat(balancer.replicas.alive).hasSize(2);
        assertThat(balancer.set().names()).containsExactly("S1", "S3");
    }

    @Test
    void add_ofWhichOneFails_startsNoneAndSaysWhy() throws IOException {
        List<Start> starts = new ArrayList<>(List.of(Start.WELL, Start.FAIL, Start.SLOWLY));
        balancer.replicas.nextStart = starts::removeFirst;
        var change = balancer.changes.add(3, List.of("a1", "a2", "a3"));
        balancer.run(Duration.ofMillis(30));
        assertThat(balancer.changes.add(1, List.of("S1")).toCompletableFuture()).isNotDone();
        balancer.run(Duration.ofSeconds(5));
        assertThat(change.toCompletableFuture().exceptionNow())
                .hasMessageMatching("Replicas could not be started: a[123]: simulated failure");
        assertThat(balancer.replicas.alive).hasSize(3);
        assertThat(new Journal(balancer.file).read().orElseThrow().intents()).isEmpty();
    }

    @Test
    void add_ofWhichOneDiesBeforeAllServe_startsNone() {
        List<Start> starts = new ArrayList<>(List.of(Start.WELL, Start.MUTE));
        balancer.replicas.nextStart = starts::removeFirst;
        var change = balancer.changes.add(2, List.of("a1", "a2"));
        balancer.run(Duration.ofSeconds(1));
        var ready = balancer.replicas.alive.values().stream()
                .filter(replica -> replica.spec.name().startsWith("a") && !replica.mute)
                .findFirst()
                .orElseThrow();
        balancer.replicas.die(ready.spec.id());
        assertFailed(
                after(change),
                Kind.SPAWN_FAILED,
                "Replicas could not be started: " + ready.spec.name() + ": the replica crashed in the simulation");
        assertThat(balancer.replicas.alive).hasSize(3);
    }

    @Test
    void add_whoseIntentCannotBeWritten_startsNothing() {
        balancer.file.nextWrite = () -> Write.FAIL_BEFORE;
        assertFailed(add(1, "a1"), Kind.UNAVAILABLE, "The journal could not be written");
        assertThat(balancer.replicas.started).hasSize(3);
        balancer.file.nextWrite = () -> Write.WELL;
        assertThat(add(1, "a1").join().names()).contains("a1");
    }

    @Test
    void add_whoseCommitCannotBeWritten_isRolledBack() throws IOException {
        List<Write> writes = new ArrayList<>(List.of(Write.WELL, Write.FAIL_AFTER));
        balancer.file.nextWrite = () -> writes.isEmpty() ? Write.WELL : writes.removeFirst();
        assertFailed(
                add(1, "a1"), Kind.SPAWN_FAILED, "Replicas could not be started: journal: it could not be written");
        assertThat(balancer.replicas.alive).hasSize(3);
        assertThat(new Journal(balancer.file).read().orElseThrow().slots())
                .extracting(ReplicaSpec::name)
                .containsExactly("S1", "S2", "S3");
    }

    @Test
    void add_afterWhoseBeginningTheLimitWasLowered_isRolledBackAndOthersGoOn() {
        balancer.replicas.nextStart = () -> Start.SLOWLY;
        var change = balancer.changes.add(1, List.of("a1"));
        balancer.run(Duration.ofMillis(30));
        balancer.limit(3);
        balancer.run(Duration.ofSeconds(10));
        assertFailed(
                after(change),
                Kind.SPAWN_FAILED,
                "Replicas could not be started: replicas: no more than 3 can be managed now");
        assertThat(balancer.replicas.alive).hasSize(3);
        assertThat(remove(1, "S2").join().names()).containsExactly("S1", "S3");
    }

    @Test
    void remove_thatCannotBeWritten_changesNothing() throws IOException {
        List<Write> writes = new ArrayList<>(List.of(Write.FAIL_AFTER));
        balancer.file.nextWrite = () -> writes.isEmpty() ? Write.WELL : writes.removeFirst();
        assertFailed(remove(2), Kind.UNAVAILABLE, "The journal could not be written");
        assertThat(balancer.set().serving()).hasSize(3);
        assertThat(new Journal(balancer.file).read().orElseThrow().slots()).hasSize(3);
    }

    @Test
    void changes_beyondTheQueue_areTurnedAwayAndTheOthersRunInOrder() {
        List<CompletableFuture<ReplicaSet>> calls = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < ChangeQueue.MOST_WAITING + 3; i++) {
            int call = i;
            CompletionStage<ReplicaSet> change =
                    i % 2 == 0 ? balancer.changes.add(1, List.of()) : balancer.changes.remove(1, List.of(), false);
            change.whenComplete((set, _) -> order.add(set == null ? -1 : call));
            calls.add(change.toCompletableFuture());
        }
        // What a caller does to its own end stops nothing.
        calls.get(2).cancel(true);
        balancer.run(Duration.ofSeconds(10));
        assertThat(calls.subList(17, 19))
                .allSatisfy(
                        call -> assertThat(call.exceptionNow()).hasMessage("Too many changes of the pool are waiting"));
        assertThat(order).containsExactly(-1, -1, -1, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        assertThat(balancer.set().target()).isEqualTo(4);
    }

    @Test
    void change_whileNothingAnswersBelow_isTurnedAwayAtOnce() {
        balancer.replicas.available = false;
        assertFailed(add(1), Kind.UNAVAILABLE, "Replicas cannot be started or stopped now");
        assertFailed(remove(1), Kind.UNAVAILABLE, "Replicas cannot be started or stopped now");
    }

    @Test
    void changes_whenTheControlThreadHasEnded_areAnsweredAllTheSame() {
        balancer.replicas.nextStart = () -> Start.HANG;
        CompletableFuture<ReplicaSet> underWay = add(1);
        CompletableFuture<ReplicaSet> waiting = remove(1);
        balancer.changes.close();
        balancer.control.close();
        for (CompletableFuture<ReplicaSet> change : List.of(underWay, waiting, add(1), remove(1))) {
            assertFailed(change, Kind.UNAVAILABLE, "The balancer is starting or stopping");
        }
    }

    @Test
    void change_beforeTheSeatsAreKnown_isTurnedAway() {
        SimulatedBalancer early = new SimulatedBalancer(new SimulatedTime(), new SimulatedFile(), new Random(3), 2);
        CompletableFuture<ReplicaSet> change = early.changes.add(1, List.of()).toCompletableFuture();
        early.supervisor.start();
        early.run(Duration.ofSeconds(1));
        assertFailed(change, Kind.UNAVAILABLE, "The balancer is starting or stopping");
        assertThat(early.set().names()).containsExactly("S1", "S2");
    }
}
