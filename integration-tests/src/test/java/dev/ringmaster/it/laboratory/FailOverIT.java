package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.laboratory.Control.Remote;
import dev.ringmaster.it.laboratory.Crowd.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long dead and frozen replicas stay in service; {@code -Dlab.trials=N} takes more than the usual few. */
class FailOverIT {
    private static final int TRIALS = Integer.getInteger("lab.trials", 3);
    private static final int REPLICAS = 3;
    private static final long INTERVAL_MILLIS = 200;
    private static final long TIMEOUT_MILLIS = 1000;
    private static final int FALL = 2;
    /** For a busy machine: what is promised is told beside what was measured. */
    private static final long SLACK = 5;

    private static final Mix.Shape SHAPE = new Mix.Shape(1000, 1000);

    @TempDir
    private Path dir;

    /** What is promised, in milliseconds, and how long it took in each trial. */
    private record Promise(String what, long mostMillis, List<Long> times) {
        Promise(String what, long mostMillis) {
            this(what, mostMillis, new ArrayList<>());
        }

        void judge() {
            Collections.sort(times);
            long median = times.get(TRIALS / 2);
            System.out.printf(
                    "%s: trials=%d median=%d longest=%d promised=%d ms%n",
                    what, times.size(), median, times.getLast(), mostMillis);
            assertThat(median).as(what).isLessThanOrEqualTo(SLACK * mostMillis);
        }
    }

    private interface Trial {
        void run(Site site, Remote victim) throws Exception;
    }

    private void trials(Trial trial) throws Exception {
        try (Laboratory laboratory = new Laboratory(4_000_000);
                Balancer balancer = Balancer.start(
                        dir,
                        Map.of(),
                        Stream.concat(
                                        laboratory.settings(REPLICAS).stream(),
                                        Stream.of(
                                                "policy=round-robin",
                                                "health.interval=" + INTERVAL_MILLIS + "ms",
                                                "health.timeout=" + TIMEOUT_MILLIS + "ms",
                                                "health.fall=" + FALL,
                                                "health.replace-after=1h",
                                                // Heartbeats are what is measured.
                                                "outlier.enabled=false",
                                                "proxy.wait-for-replica=30s"))
                                .toArray(String[]::new))) {
            Site site = new Site(laboratory.control(), laboratory.windows(), balancer);
            SplittableRandom random = new SplittableRandom(laboratory.seed());
            Plan plan = new Plan(laboratory.seed(), 16, 300, Duration.ofHours(1), Integer.MAX_VALUE, SHAPE);
            try (Crowd crowd = laboratory.crowd(plan, balancer.port())) {
                for (int i = 0; i < TRIALS; i++) {
                    until(() -> site.balancer().serving(REPLICAS));
                    Thread.sleep(random.nextLong(INTERVAL_MILLIS));
                    trial.run(site, site.replica(random.nextInt(REPLICAS)));
                }
                crowd.end();
                laboratory.verdict(crowd).assertClean(laboratory.seed());
            }
        }
    }

    /** Milliseconds until the condition holds. */
    private static long until(Callable<Boolean> condition) {
        long from = System.nanoTime();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
        return (System.nanoTime() - from) / 1_000_000;
    }

    @Test
    void replica_killed_isLeftWithinAnIntervalWithoutAFailure() throws Exception {
        Promise left = new Promise("killed until out of service", INTERVAL_MILLIS);
        trials((site, victim) -> {
            until(victim::grown);
            long from = System.nanoTime();
            victim.process().destroyForcibly();
            left.times().add(until(() -> !site.serves(victim, REPLICAS)));
            until(victim::gone);
            site.windows().add(from, false);
        });
        left.judge();
    }

    @Test
    void replica_frozenAndThawed_isLeftWithinItsHeartbeatsAndBackAfterTwo() throws Exception {
        long most = INTERVAL_MILLIS + FALL * Math.max(INTERVAL_MILLIS, TIMEOUT_MILLIS);
        Promise left = new Promise("frozen until out of service", most);
        Promise back = new Promise("thawed until back in service", 2 * INTERVAL_MILLIS);
        trials((site, victim) -> {
            long from = System.nanoTime();
            Site.signal(victim, "STOP");
            left.times().add(until(() -> !site.balancer().serving(REPLICAS)));
            Site.signal(victim, "CONT");
            site.windows().add(from, true);
            back.times().add(until(() -> site.balancer().serving(REPLICAS)));
        });
        left.judge();
        back.judge();
    }
}
