package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Memory;
import dev.ringmaster.it.harness.Soon;
import dev.ringmaster.it.laboratory.Crowd.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random faults while clients ask: nothing lost, mixed up, altered or sent twice, and nothing left behind. The seed is
 * printed; {@code -Dlab.seed=N} repeats its requests and faults, {@code -Dlab.storm=SECONDS} takes longer.
 */
class LaboratoryIT {
    private static final int SECONDS = Integer.getInteger("lab.storm", 10);
    private static final int RATE = Integer.getInteger("lab.rate", 1500);
    private static final int CLIENTS = 64;
    private static final int MOST_REQUESTS = 20_000_000;
    /** The long form is a million; the short one may meet a machine that has no processor for it. */
    private static final int LEAST_REQUESTS = SECONDS < 600 ? SECONDS * RATE / 60 : 1_000_000;

    /** Of all requests. One in a hundred fails in order; the short form may meet little but faults that cost an answer. */
    private static final double LEAST_SERVED = SECONDS < 600 ? 0.9 : 0.97;

    private static final Mix.Shape SHAPE = new Mix.Shape(300, 100);
    private static final String[] SETTINGS = {
        "policy=round-robin",
        "health.interval=200ms",
        "health.timeout=2s",
        "health.fall=1",
        "health.replace-after=2s",
        "outlier.latency-factor=5",
        "proxy.wait-for-replica=30s"
    };
    /** The JVM's own that wait for the end of child processes stay for a minute; a leak would be one for each fault. */
    private static final int MORE_THREADS = 10;
    /** What of the heap may stay used: caches and statistics of a bounded size, filled by the first requests. */
    private static final long MORE_HEAP = 2L << 20;
    /** Heap and direct memory have 512 MiB each; the rest is code, stacks and the collector. */
    private static final long MOST_GROWTH = 512L << 20;

    @TempDir
    private Path dir;

    @Test
    void requests_underRandomFaults_keepEveryPromise() throws Exception {
        try (Laboratory laboratory = new Laboratory(Math.min(MOST_REQUESTS, 20_000 + SECONDS * RATE * 2));
                Balancer balancer = Balancer.start(
                        dir,
                        Map.of("RINGMASTER_JAVA_OPTS", "-ea -Dio.netty.leakDetection.level=paranoid"),
                        Stream.concat(laboratory.settings(Schedule.REPLICAS).stream(), Stream.of(SETTINGS))
                                .toArray(String[]::new))) {
            Site site = new Site(laboratory.control(), laboratory.windows(), balancer);
            Awaitility.await().until(() -> site.balancer().serving(Schedule.REPLICAS));
            calm(laboratory, balancer).assertClean(laboratory.seed());
            Vitals before = Vitals.atRest(balancer);
            Verdict verdict = storm(laboratory, balancer, site);
            verdict.assertClean(laboratory.seed());
            assertThat(verdict.requests()).isGreaterThan(LEAST_REQUESTS);
            assertThat(verdict.served()).isGreaterThan(LEAST_SERVED);
            assertLeftNothing(laboratory, balancer, before);
        }
    }

    /** Warms up without any fault: every request must be answered. */
    private static Verdict calm(Laboratory laboratory, Balancer balancer) throws Exception {
        Plan plan = new Plan(laboratory.seed() + 1, CLIENTS, 0, Duration.ofMinutes(5), 5000, SHAPE);
        try (Crowd crowd = laboratory.crowd(plan, balancer.port())) {
            crowd.await();
            Verdict verdict = laboratory.verdict(crowd);
            assertThat(verdict.served()).as(verdict::summary).isEqualTo(1);
            return verdict;
        }
    }

    private static Verdict storm(Laboratory laboratory, Balancer balancer, Site site) throws Exception {
        Plan plan = new Plan(laboratory.seed(), CLIENTS, RATE, Duration.ofSeconds(SECONDS), MOST_REQUESTS, SHAPE);
        try (Memory memory = new Memory(balancer);
                Schedule schedule = new Schedule(laboratory.seed(), site);
                Crowd crowd = laboratory.crowd(plan, balancer.port())) {
            crowd.await();
            System.out.printf("faults=%d memory-growth=%d MiB%n", schedule.end(), memory.growth() >> 20);
            assertThat(memory.growth()).isLessThan(MOST_GROWTH);
            return laboratory.verdict(crowd);
        }
    }

    private static void assertLeftNothing(Laboratory laboratory, Balancer balancer, Vitals before) throws Exception {
        Soon.until(() -> balancer.metric("ringmaster_replica_in_flight") == 0);
        Awaitility.await().until(() -> Vitals.descriptors(balancer) <= before.descriptors());
        Vitals after = Vitals.of(balancer);
        System.out.printf("before=%s%nafter=%s%n", before, after);
        assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + MORE_THREADS);
        assertThat(after.live()).as("live heap").isLessThan(before.live() + MORE_HEAP);
        calm(laboratory, balancer).assertClean(laboratory.seed());
        assertThat(balancer.log()).noneMatch(line -> line.contains("LEAK:"));
        assertThat(balancer.log()).noneMatch(line -> line.contains(" ERROR "));
    }
}
