package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas that wait outside the ring, in simulated time. */
class SparesTest {
    private final SimulatedBalancer balancer = SimulatedBalancer.serving(2);

    @BeforeEach
    void keepOne() {
        balancer.keepSpares(1);
        balancer.run(Duration.ofSeconds(1));
    }

    private Replica spare() {
        assertThat(balancer.set().spares()).hasSize(1);
        return balancer.set().spares().getFirst();
    }

    private List<ReplicaSpec> journaled() throws IOException {
        return new Journal(balancer.file).read().orElseThrow().spares();
    }

    @Test
    void spare_runsOutsideThePoolAndIsWrittenDown() throws IOException {
        assertThat(balancer.set().names()).containsExactly("S1", "S2");
        assertThat(balancer.set().serving()).doesNotContain(spare());
        assertThat(spare().slot()).isEqualTo(ReplicaSpec.SPARE);
        assertThat(balancer.replicas.started.getLast().slot()).isEqualTo(ReplicaSpec.SPARE);
        assertThat(journaled()).containsExactly(new ReplicaSpec(spare().id(), spare().name(), ReplicaSpec.SPARE));
    }

    @Test
    void seat_whoseReplicaDies_isTakenByTheSpareAtOnceAndAnotherOneIsStarted() throws IOException {
        Replica first = spare();
        balancer.onPublish = set -> {
            if (set.serving().contains(first)) {
                assertThat(onDisk()).as("written down before it is published").contains(first.id());
            }
        };
        balancer.replicas.nextStart = () -> Start.SLOWLY;
        balancer.replicas.kill(balancer.replica(1).id());
        balancer.run(Duration.ofMillis(10));
        assertThat(balancer.state(1)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(1)).isEqualTo(first);
        assertThat(balancer.replica(1).slot()).isEqualTo(1);
        assertThat(balancer.set().names()).containsExactly("S1", first.name());
        assertThat(balancer.supervisor.stats().respawns()).isEqualTo(1);
        balancer.run(Duration.ofSeconds(4));
        assertThat(spare()).isNotEqualTo(first);
        assertThat(journaled()).extracting(ReplicaSpec::id).containsExactly(spare().id());
        balancer.replicas.alive.get(first.id()).mute = true;
        balancer.supervisor.connectFailed(balancer.replica(1), new IOException("refused"));
        balancer.run(Duration.ofMillis(20));
        assertThat(balancer.state(1)).as("watched as before").isEqualTo(ReplicaState.DOWN);
    }

    private List<ReplicaId> onDisk() {
        try {
            return new Journal(balancer.file)
                    .read().orElseThrow().slots().stream().map(ReplicaSpec::id).toList();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void seat_isTakenAlsoWhileNothingCanBeStarted() {
        Replica first = spare();
        balancer.replicas.available = false;
        balancer.replicas.kill(balancer.replica(0).id());
        balancer.run(Duration.ofMillis(10));
        assertThat(balancer.replica(0)).isEqualTo(first);
    }

    @Test
    void silentReplica_isReplacedByTheSpare() {
        Replica first = spare();
        balancer.simulated(0).frozen = true;
        balancer.run(SimulatedBalancer.REPLACE_AFTER.plusSeconds(2));
        assertThat(balancer.replica(0)).isEqualTo(first);
    }

    @Test
    void spare_thatDiesOrFallsSilent_isReplacedAndTakesNoSeat() {
        Replica first = spare();
        balancer.replicas.die(first.id());
        balancer.run(Duration.ofSeconds(1));
        Replica second = spare();
        assertThat(second).isNotEqualTo(first);
        balancer.replicas.alive.get(second.id()).frozen = true;
        balancer.run(Duration.ofSeconds(2));
        balancer.replicas.kill(balancer.replica(0).id());
        balancer.run(Duration.ofMillis(300));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(0)).isNotEqualTo(second);
        balancer.run(SimulatedBalancer.REPLACE_AFTER);
        assertThat(spare()).isNotEqualTo(second);
        assertThat(balancer.replicas.alive).hasSize(3).doesNotContainKey(second.id());
    }

    @Test
    void spare_isNeitherRemovedNorCounted() {
        Replica first = spare();
        balancer.changes.remove(2, List.of(), false);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().target()).isZero();
        assertThat(spare()).isEqualTo(first);
        assertThat(balancer.replicas.alive).containsOnlyKeys(first.id());
    }

    @Test
    void nameOfASpareThatTookASeat_isFreeOnceThatIsRemoved() {
        String name = spare().name();
        balancer.replicas.nextStart = () -> Start.HANG;
        balancer.replicas.kill(balancer.replica(0).id());
        balancer.run(Duration.ofMillis(100));
        balancer.changes.remove(1, List.of(name), false);
        balancer.run(Duration.ofMillis(100));
        balancer.replicas.nextStart = () -> Start.WELL;
        balancer.changes.add(1, List.of(name));
        balancer.run(Duration.ofMillis(500));
        assertThat(balancer.set().names()).containsExactly("S2", name);
    }

    @Test
    void spares_followTheirNumber() {
        balancer.keepSpares(3);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().spares()).hasSize(3);
        balancer.keepSpares(0);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().spares()).isEmpty();
        assertThat(balancer.set().draining()).isEmpty();
        assertThat(balancer.replicas.alive).hasSize(2);
    }

    @Test
    void spares_thatCrashAgainAndAgain_areGivenUpUntilTheOptionsAreReadAgain() {
        balancer.replicas.nextStart = () -> Start.FAIL;
        balancer.replicas.die(spare().id());
        balancer.run(Duration.ofMinutes(1));
        int started = balancer.replicas.started.size();
        balancer.run(Duration.ofMinutes(1));
        assertThat(balancer.replicas.started).hasSize(started);
        assertThat(balancer.set().spares()).isEmpty();
        balancer.replicas.nextStart = () -> Start.WELL;
        balancer.keepSpares(1);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().spares()).hasSize(1);
    }

    @Test
    void spare_isAdoptedByTheNextBalancer() {
        Replica first = spare();
        SimulatedBalancer next = balancer.successor(5);
        next.keepSpares(1);
        next.supervisor.start();
        next.run(Duration.ofSeconds(1));
        assertThat(next.set().spares()).containsExactly(first);
        assertThat(next.set().names()).containsExactly("S1", "S2");
        assertThat(next.replicas.started).isEmpty();
        assertThat(next.replicas.stopped).isEmpty();
    }

    @Test
    void stop_endsSparesToo() {
        var stopped = balancer.stop().toCompletableFuture();
        balancer.run(Duration.ofSeconds(1));
        assertThat(stopped).isCompleted();
        assertThat(balancer.replicas.alive).isEmpty();
    }
}
