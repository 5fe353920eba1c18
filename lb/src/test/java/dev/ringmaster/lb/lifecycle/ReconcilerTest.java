package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.Reconciler.Action;
import dev.ringmaster.lb.lifecycle.Reconciler.Observed;
import dev.ringmaster.lb.lifecycle.Reconciler.Plan;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReconcilerTest {
    private static final long NOW = -5_000_000_000L;
    private static final long REPLACE_AFTER = 1_000;

    private static Plan plan(Observed... seats) {
        return Reconciler.plan(List.of(seats), NOW, REPLACE_AFTER);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReplicaState.class,
            names = {"DEAD", "DOWN"},
            mode = EnumSource.Mode.EXCLUDE)
    void plan_forASeatThatWaitsForNothing_isEmpty(ReplicaState state) {
        assertThat(plan(new Observed(0, state, NOW - 1_000_000, 9))).isEqualTo(new Plan(List.of(), Reconciler.NEVER));
    }

    @Test
    void plan_forADeadSeat_spawnsAtOnceAfterTheFirstDeath() {
        assertThat(plan(new Observed(3, ReplicaState.DEAD, NOW, 0), new Observed(1, ReplicaState.DEAD, NOW, 1)))
                .isEqualTo(new Plan(List.of(new Action.Fill(3), new Action.Fill(1)), Reconciler.NEVER));
    }

    @Test
    void plan_forADeadSeatInBackOff_waitsUntilItIsOver() {
        long delay = SpawnBackoff.delay(2).toNanos();
        assertThat(plan(new Observed(0, ReplicaState.DEAD, NOW - delay + 1, 2))).isEqualTo(new Plan(List.of(), 1));
        assertThat(plan(new Observed(0, ReplicaState.DEAD, NOW - delay, 2)).actions())
                .containsExactly(new Action.Fill(0));
    }

    @Test
    void plan_forACrashLoop_givesUp() {
        assertThat(plan(new Observed(0, ReplicaState.DEAD, NOW, SpawnBackoff.LIMIT)))
                .isEqualTo(new Plan(List.of(new Action.GiveUp(0)), Reconciler.NEVER));
    }

    @Test
    void plan_forAnEjectedReplica_replacesItWhenItsTimeIsUp() {
        assertThat(plan(new Observed(0, ReplicaState.DOWN, NOW - REPLACE_AFTER + 1, 0)))
                .isEqualTo(new Plan(List.of(), 1));
        assertThat(plan(new Observed(0, ReplicaState.DOWN, NOW - REPLACE_AFTER, 0)))
                .isEqualTo(new Plan(List.of(new Action.Replace(0)), Reconciler.NEVER));
    }

    @Test
    void plan_forSeveralThatWait_looksAgainForTheFirst() {
        assertThat(plan(
                        new Observed(0, ReplicaState.DOWN, NOW - 10, 0),
                        new Observed(1, ReplicaState.DOWN, NOW - 300, 0),
                        new Observed(2, ReplicaState.DEAD, NOW, 3),
                        new Observed(3, ReplicaState.DEAD, NOW, 0)))
                .isEqualTo(new Plan(List.of(new Action.Fill(3)), REPLACE_AFTER - 300));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,200", "3,800", "4,3200", "5,12800", "50,12800"})
    void backOff_afterEarlyDeaths_growsFourfold(int earlyDeaths, long millis) {
        assertThat(SpawnBackoff.delay(earlyDeaths)).isEqualTo(Duration.ofMillis(millis));
    }
}
