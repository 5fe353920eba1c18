package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.OutlierOptions;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Replicas that answer heartbeats but serve badly: they sit out, and are neither replaced nor forgotten. */
class OutliersTest {
    private static final Duration BASE = SimulatedBalancer.HEALTH.outliers().base();
    private static final int ROW = SimulatedBalancer.HEALTH.outliers().failures();

    private final SimulatedBalancer balancer = SimulatedBalancer.serving(3);

    /** Fails requests of the replica in a slot, as an event loop sees it. */
    private void fail(int slot) {
        Replica replica = balancer.replica(slot);
        for (int i = 0; i < ROW; i++) {
            balancer.supervisor.requestFailed(replica, replica.outcomes().failed(0));
        }
        balancer.run(Duration.ofMillis(10));
    }

    private void ejectFirst() {
        balancer.run(Duration.ofSeconds(1));
        fail(0);
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.EJECTED);
    }

    @Test
    void outlier_sitsOutAtOnceAndForItsTimeWhateverHeartbeatsSay() {
        Replica outlier = balancer.replica(0);
        ejectFirst();
        assertThat(balancer.set().serving()).hasSize(2).doesNotContain(outlier);
        assertThat(balancer.set().ejected()).containsExactly(outlier);
        balancer.run(BASE.minusMillis(100));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.EJECTED);
        balancer.run(Duration.ofMillis(300));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replica(0)).isEqualTo(outlier);
        assertThat(balancer.supervisor.stats().ejections()).containsExactly(entry("failures", 1.0));
    }

    @Test
    void outlier_isNeverReplacedAndWritesNoJournal() {
        int started = balancer.replicas.started.size();
        int writes = balancer.file.writes;
        Replica outlier = balancer.replica(0);
        for (int i = 0; i < 10; i++) {
            ejectFirst();
            balancer.run(Duration.ofMinutes(6));
        }
        assertThat(balancer.replica(0)).isEqualTo(outlier);
        assertThat(balancer.replicas.started).hasSize(started);
        assertThat(balancer.file.writes).isEqualTo(writes);
    }

    @Test
    void outlier_thatFallsSilent_isReplacedAsAnyOther() {
        ejectFirst();
        Replica outlier = balancer.replica(0);
        balancer.simulated(0).frozen = true;
        balancer.run(Duration.ofSeconds(2));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DOWN);
        balancer.run(SimulatedBalancer.REPLACE_AFTER.plusSeconds(1));
        assertThat(balancer.replica(0)).isNotEqualTo(outlier);
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
    }

    @Test
    void outlier_thatDies_isReplacedAtOnceByOneInService() {
        ejectFirst();
        balancer.replicas.die(balancer.replica(0).id());
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().serving()).hasSize(3);
    }

    @Test
    void outlier_whenTheOthersDie_servesAgainBeforeTheyAreBack() {
        balancer.replicas.nextStart = () -> SimulatedReplicas.Start.SLOWLY;
        ejectFirst();
        balancer.replicas.die(balancer.replica(1).id());
        balancer.replicas.die(balancer.replica(2).id());
        balancer.run(Duration.ofMillis(110));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
    }

    @Test
    void outliers_areNeverMoreThanMay() {
        balancer.run(Duration.ofSeconds(1));
        fail(0);
        fail(1);
        assertThat(balancer.set().serving()).hasSize(3);
        balancer.run(Duration.ofSeconds(5));
        assertThat(balancer.set().serving()).hasSize(3);
    }

    @Test
    void ejection_turnedOff_isOver() {
        ejectFirst();
        HealthOptions now = SimulatedBalancer.HEALTH;
        OutlierOptions off = new OutlierOptions(false, ROW, Duration.ofSeconds(1), 0, BASE, BASE, 50);
        balancer.supervisor.reconfigure(
                balancer.supervisor.options(),
                new HealthOptions(now.path(), now.interval(), now.timeout(), now.fall(), now.rise(), off));
        balancer.run(Duration.ofMillis(110));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        fail(0);
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
    }
}
