package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What follows from what the provider tells, in simulated time. */
class ReplicaEventsTest {
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private final SimulatedBalancer balancer = SimulatedBalancer.serving(2);
    private final ReplicaId id = balancer.replica(0).id();

    private void tell(BiConsumer<ReplicaProvider.Events, ReplicaId> event) {
        balancer.replicas.tell(event, id);
        balancer.run(AT_ONCE);
    }

    @Test
    void replica_toldToEnd_leavesAtOnceAndIsBackOnlyIfItStaysAlive() {
        tell((events, replica) -> events.ending(replica, "signal 15"));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
        balancer.run(ReplicaEvents.HOLD.minus(AT_ONCE.multipliedBy(2)));
        assertThat(balancer.state(0)).as("answers, but was told to end").isEqualTo(ReplicaState.DOWN);
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(0).id()).isEqualTo(id);
    }

    @Test
    void replica_toldToEndThatFallsSilent_isReplacedInTheEnd() {
        tell((events, replica) -> events.ending(replica, "signal 15"));
        balancer.simulated(0).frozen = true;
        balancer.run(ReplicaEvents.HOLD.plus(SimulatedBalancer.REPLACE_AFTER).plusMillis(300));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(0).id()).isNotEqualTo(id);
    }

    @Test
    void replica_toldToEnd_mayBeSuspendedWithoutComingBackSooner() {
        tell((events, replica) -> events.ending(replica, "signal 15"));
        tell((events, replica) -> events.suspended(replica, "disconnected"));
        balancer.run(Duration.ofSeconds(5));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
    }

    @Test
    void exit_ofReplicasToldToEnd_isNoCrashLoopWhateverTheirCode() {
        for (int i = 0; i < 3 * SpawnBackoff.LIMIT; i++) {
            ReplicaId next = balancer.replica(0).id();
            balancer.replicas.tell((events, replica) -> events.ending(replica, "signal 15"), next);
            balancer.run(AT_ONCE);
            balancer.replicas.die(next);
            balancer.run(Duration.ofMillis(200));
            assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        }
    }

    @Test
    void replica_suspended_leavesAtOnceAndIsBackWithItsNextHeartbeat() {
        balancer.simulated(0).frozen = true;
        tell((events, replica) -> events.suspended(replica, "paused"));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
        balancer.replicas.alive.get(id).frozen = false;
        balancer.run(Duration.ofMillis(1100));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(0).id()).isEqualTo(id);
    }

    @Test
    void replica_suspendedForLong_isReplaced() {
        balancer.simulated(0).frozen = true;
        tell((events, replica) -> events.suspended(replica, "paused"));
        balancer.run(SimulatedBalancer.REPLACE_AFTER.plusMillis(300));
        assertThat(balancer.replica(0).id()).isNotEqualTo(id);
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
    }

    @Test
    void allReplicas_suspended_leaveForThisIsNoGuess() {
        for (int slot = 0; slot < 2; slot++) {
            balancer.simulated(slot).frozen = true;
            balancer.replicas.tell(
                    (events, replica) -> events.suspended(replica, "paused"),
                    balancer.replica(slot).id());
        }
        balancer.run(AT_ONCE);
        assertThat(balancer.set().serving()).isEmpty();
    }

    @Test
    void replica_doubted_isAskedAtOnce() {
        tell((events, replica) -> events.doubted(replica, "out of memory"));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        balancer.run(Duration.ofMillis(60));
        balancer.simulated(0).mute = true;
        tell((events, replica) -> events.doubted(replica, "out of memory"));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
    }

    @Test
    void death_isPublishedBeforeAnythingWaitsForTheDisk() {
        int before = balancer.published.size();
        int writes = balancer.file.writes;
        balancer.onPublish = set -> {
            if (balancer.published.size() == before + 1) {
                assertThat(set.serving()).hasSize(1);
                assertThat(balancer.file.writes).isEqualTo(writes);
            }
        };
        balancer.replicas.kill(id);
        balancer.run(Duration.ofMillis(200));
        assertThat(balancer.published.size()).isGreaterThan(before);
        assertThat(balancer.file.writes).as("the successor is written down").isGreaterThan(writes);
    }

    @Test
    void events_aboutReplicasThatAreUnknown_changeNothing() {
        List<ReplicaSet> before = List.copyOf(balancer.published);
        ReplicaId unknown = ReplicaId.random();
        balancer.replicas.tell((events, replica) -> events.ending(replica, "signal 15"), unknown);
        balancer.replicas.tell((events, replica) -> events.suspended(replica, "paused"), unknown);
        balancer.replicas.tell((events, replica) -> events.doubted(replica, "unhealthy"), unknown);
        balancer.replicas.tell(
                (events, replica) -> events.exited(replica, new ReplicaProvider.Exit("ended", false)), unknown);
        balancer.run(AT_ONCE);
        assertThat(balancer.published).isEqualTo(before);
    }
}
