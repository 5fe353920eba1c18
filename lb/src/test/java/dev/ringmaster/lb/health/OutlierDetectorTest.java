package dev.ringmaster.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.Ejection.Reason;
import dev.ringmaster.lb.replica.Outcomes;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools in simulated time: what is ejected, for how long, and what never is. */
final class OutlierDetectorTest {
    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void replica_thatFailsEverything_isOutWithTheNextLookAndBackInTime(int count) {
        SimulatedTraffic pool = new SimulatedTraffic(count).run(seconds(5));
        pool.replica(0).failing = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.reason(0)).isEqualTo(Reason.FAILURES);
        pool.replica(0).recover();
        pool.run(SimulatedTraffic.OPTIONS.base().minus(SimulatedTraffic.LOOK));
        assertThat(pool.reason(0)).isEqualTo(Reason.FAILURES);
        pool.run(SimulatedTraffic.LOOK.multipliedBy(2));
        assertThat(pool.reason(0)).isNull();
        pool.run(seconds(60));
        assertThat(pool.replica(0).ejections).containsExactly(SimulatedTraffic.OPTIONS.base());
        assertThat(pool.detector.panics()).isFalse();
    }

    @Test
    void replica_ofWhichNoLoopSeesARow_isOutForTheRowOverAllLoops() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(5));
        pool.rate = 10;
        pool.replica(0).failing = 1;
        Outcomes unlucky = pool.replica(0).outcomes;
        for (int i = 0; i < SimulatedTraffic.OPTIONS.failures(); i++) {
            assertThat(pool.reason(0)).isNull();
            unlucky.failed(0);
            pool.now += SimulatedTraffic.LOOK.toNanos();
            pool.look();
        }
        assertThat(pool.reason(0)).isEqualTo(Reason.FAILURES);
    }

    @Test
    void eachEjection_lastsTwiceAsLongUpToTheMostAndGoodServiceIsCredited() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(5));
        pool.replica(0).failing = 1;
        pool.run(Duration.ofMinutes(30));
        assertThat(pool.replica(0).ejections)
                .startsWith(
                        seconds(10), seconds(20), seconds(40), seconds(80), seconds(160), seconds(300), seconds(300));
        pool.replica(0).recover();
        pool.run(Duration.ofMinutes(16));
        pool.replica(0).ejections.clear();
        pool.replica(0).failing = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.replica(0).ejections.getFirst()).isLessThan(seconds(300));
        pool.replica(0).recover();
        pool.run(Duration.ofMinutes(60));
        pool.replica(0).ejections.clear();
        pool.replica(0).failing = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.replica(0).ejections).containsExactly(seconds(10));
    }

    @ParameterizedTest
    @CsvSource({"2, 400", "3, 400", "5, 400", "2, 5", "5, 5"})
    void replica_thatFailsHalfOfTheTime_isOutForItsSuccessRate(int count, int rate) {
        SimulatedTraffic pool = new SimulatedTraffic(count);
        pool.rate = rate;
        pool.run(seconds(30));
        pool.options = SimulatedTraffic.options(true, 1000, 5);
        pool.replica(1).failing = 0.5;
        pool.run(rate > 100 ? Duration.ofMillis(600) : seconds(15));
        assertThat(pool.replica(1).ejections)
                .as("seed %d", SimulatedTraffic.SEED)
                .isNotEmpty();
        assertThat(pool.replicas.stream().filter(replica -> !replica.ejections.isEmpty()))
                .hasSize(1);
    }

    @Test
    void failures_ofAllAlike_ejectNobody() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(20));
        pool.replicas.forEach(replica -> replica.failing = 1);
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.detector.panics()).isTrue();
        assertThat(pool.out()).isZero();
        pool.run(seconds(60));
        assertThat(pool.out()).isZero();
        pool.replicas.forEach(SimulatedTraffic.Simulated::recover);
        pool.run(seconds(60));
        assertThat(pool.out()).isZero();
        assertThat(pool.detector.panics()).isFalse();
        assertThat(pool.replicas.stream().mapToInt(replica -> replica.ejections.size()))
                .allMatch(times -> times <= 1);
    }

    @Test
    void panic_bringsBackWhoIsOutAndEndsWithTheFault() {
        SimulatedTraffic pool = new SimulatedTraffic(5).run(seconds(5));
        pool.replica(0).failing = 1;
        pool.replica(1).failing = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.out()).isEqualTo(2);
        pool.replica(2).failing = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.out()).isZero();
        assertThat(pool.detector.panics()).isTrue();
        assertThat(pool.replica(0).lifted).isEqualTo(1);
        pool.replica(1).recover();
        pool.replica(2).recover();
        pool.run(seconds(3));
        assertThat(pool.detector.panics()).isFalse();
        assertThat(pool.reason(0)).isEqualTo(Reason.FAILURES);
        assertThat(pool.replica(0).ejections.getLast())
                .as("what was lifted does not count")
                .isEqualTo(SimulatedTraffic.OPTIONS.base());
    }

    @Test
    void share_isCommonWithSilence() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(5));
        pool.replica(2).answersHeartbeats = false;
        pool.silent = 1;
        pool.replica(0).failing = 1;
        pool.run(seconds(5));
        assertThat(pool.out()).as("one of three is silent").isZero();
        pool.replica(2).answersHeartbeats = true;
        pool.silent = 0;
        pool.run(seconds(5));
        assertThat(pool.reason(0)).isEqualTo(Reason.FAILURES);
        pool.replica(2).answersHeartbeats = false;
        pool.silent = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.out()).as("silence takes its place").isZero();
    }

    @Test
    void loneReplica_isNeverOut() {
        SimulatedTraffic pool = new SimulatedTraffic(1).run(seconds(5));
        pool.replica(0).failing = 1;
        pool.run(seconds(20));
        assertThat(pool.replica(0).ejections).isEmpty();
        assertThat(pool.detector.panics()).isFalse();
    }

    @Test
    void lastOneLeft_isBackAtOnce() {
        SimulatedTraffic pool = new SimulatedTraffic(2).run(seconds(5));
        pool.replica(0).failing = 1;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.out()).isEqualTo(1);
        pool.replica(1).answersHeartbeats = false;
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.out()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void replica_tenTimesSlower_isOutForItsLatency(int count) {
        SimulatedTraffic pool = new SimulatedTraffic(count);
        for (SimulatedTraffic.Simulated replica : pool.replicas) {
            replica.nanos = () -> (long) (-Math.log(pool.random.nextDouble()) * 3 * SimulatedTraffic.MILLI);
        }
        pool.run(seconds(5));
        LongSupplier usual = pool.replica(1).nanos;
        pool.replica(1).nanos = () -> 10 * usual.getAsLong();
        pool.run(seconds(2));
        assertThat(pool.reason(1)).as("seed %d", SimulatedTraffic.SEED).isEqualTo(Reason.LATENCY);
        assertThat(pool.out()).isEqualTo(1);
    }

    @Test
    void replica_slowerByWhatNobodyMisses_isIn() {
        SimulatedTraffic pool = new SimulatedTraffic(3);
        pool.replicas.forEach(replica -> replica.nanos = () -> SimulatedTraffic.MILLI / 10);
        pool.replica(1).nanos = () -> 3 * SimulatedTraffic.MILLI;
        pool.run(seconds(30));
        assertThat(pool.out()).isZero();
    }

    @Test
    void replica_thatHangs_isOutBeforeAnythingTimesOut() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(5));
        pool.replica(1).hangs = true;
        pool.run(Duration.ofMillis(1200));
        assertThat(pool.reason(1)).isEqualTo(Reason.LATENCY);
        pool.replicas.forEach(SimulatedTraffic.Simulated::recover);
        pool.run(seconds(30));
        pool.replicas.forEach(replica -> replica.hangs = true);
        pool.run(seconds(30));
        assertThat(pool.out()).as("all hang").isZero();
    }

    @Test
    void silence_whileThisThreadWasHeldUp_isNobodysFault() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(5));
        for (int i = 0; i < 20; i++) {
            pool.replica(1).outcomes.sent(0);
        }
        pool.now += Duration.ofSeconds(5).toNanos();
        pool.look();
        assertThat(pool.out()).isZero();
    }

    @Test
    void options_turnAllOrLatencyOff() {
        SimulatedTraffic pool = new SimulatedTraffic(3).run(seconds(5));
        pool.options = SimulatedTraffic.options(true, 5, 0);
        pool.replica(0).nanos = () -> 100 * SimulatedTraffic.MILLI;
        pool.replica(1).hangs = true;
        pool.run(seconds(10));
        assertThat(pool.out()).isZero();
        pool.replica(2).failing = 1;
        pool.run(seconds(1));
        assertThat(pool.reason(2)).isEqualTo(Reason.FAILURES);
        pool.options = SimulatedTraffic.options(false, 5, 5);
        pool.run(SimulatedTraffic.LOOK);
        assertThat(pool.out()).isZero();
        pool.run(seconds(10));
        assertThat(pool.out()).isZero();
    }

    @Test
    void alikeReplicas_whateverTheirTraffic_areNeverOutliers() {
        SplittableRandom seeds = new SplittableRandom(SimulatedTraffic.SEED);
        for (int i = 0; i < 100; i++) {
            SimulatedTraffic pool = new SimulatedTraffic(seeds.nextInt(2, 8));
            pool.rate = seeds.nextInt(1, 200);
            double failing = seeds.nextInt(3) == 0 ? 0 : seeds.nextDouble() * seeds.nextDouble();
            double slowShare = seeds.nextDouble();
            for (SimulatedTraffic.Simulated replica : pool.replicas) {
                replica.failing = failing;
                replica.nanos = () -> (pool.random.nextDouble() < slowShare ? 200 : 2) * SimulatedTraffic.MILLI;
            }
            // Before much is known of the others, a row of failures is judged by what is configured.
            pool.options = SimulatedTraffic.options(true, 1000, 5);
            pool.run(seconds(60));
            assertThat(pool.replicas)
                    .as(
                            "seed %d pool %d failing %f slow %f rate %d",
                            SimulatedTraffic.SEED, i, failing, slowShare, pool.rate)
                    .allMatch(replica -> replica.ejections.isEmpty());
        }
    }

    @Test
    void randomFaults_neverTakeMoreThanTheShareAndEndWithAllIn() {
        SplittableRandom random = new SplittableRandom(SimulatedTraffic.SEED);
        int ejections = 0;
        int panics = 0;
        for (int i = 0; i < 100; i++) {
            SimulatedTraffic pool = new SimulatedTraffic(random.nextInt(1, 8));
            pool.rate = random.nextInt(1, 100);
            for (int step = 0; step < 60; step++) {
                disturb(pool, random);
                pool.run(SimulatedTraffic.LOOK.multipliedBy(random.nextInt(1, 20)));
                long serving = pool.replicas.stream()
                        .filter(one -> one.answersHeartbeats)
                        .count();
                assertThat(pool.out())
                        .as("seed %d pool %d step %d", SimulatedTraffic.SEED, i, step)
                        .isLessThanOrEqualTo(SimulatedTraffic.OPTIONS.allowed((int) serving + pool.silent));
                panics += pool.detector.panics() ? 1 : 0;
            }
            pool.replicas.forEach(replica -> {
                replica.recover();
                replica.nanos = () -> 3 * SimulatedTraffic.MILLI;
                replica.answersHeartbeats = true;
            });
            pool.silent = 0;
            pool.run(seconds(330));
            assertThat(pool.out())
                    .as("seed %d pool %d", SimulatedTraffic.SEED, i)
                    .isZero();
            for (SimulatedTraffic.Simulated replica : pool.replicas) {
                ejections += replica.ejections.size();
                assertThat(replica.ejections)
                        .allMatch(time -> time.compareTo(SimulatedTraffic.OPTIONS.base()) >= 0
                                && time.compareTo(SimulatedTraffic.OPTIONS.most()) <= 0);
            }
        }
        assertThat(ejections).isGreaterThan(100);
        assertThat(panics).isGreaterThan(100);
    }

    private static void disturb(SimulatedTraffic pool, SplittableRandom random) {
        SimulatedTraffic.Simulated replica = pool.replica(random.nextInt(pool.replicas.size()));
        switch (random.nextInt(6)) {
            case 0 -> replica.failing = random.nextDouble();
            case 1 -> replica.failing = 1;
            case 2 -> replica.hangs = true;
            case 3 -> replica.nanos = () -> 100 * SimulatedTraffic.MILLI;
            case 4 -> {
                replica.answersHeartbeats = !replica.answersHeartbeats;
                pool.silent = Math.toIntExact(pool.replicas.stream()
                        .filter(one -> !one.answersHeartbeats)
                        .count());
            }
            default -> replica.recover();
        }
    }
}
