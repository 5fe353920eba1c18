package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Load;
import dev.ringmaster.it.laboratory.Crowd.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas removed, and stopped by somebody else, under load: no request fails; {@code -Dlab.trials=N} takes more. */
class RemovalIT {
    private static final int TRIALS = Integer.getInteger("lab.trials", 3);
    private static final int REPLICAS = 3;

    @TempDir
    private Path dir;

    @Test
    void replicas_removedUnderLoad_noRequestFails() throws Exception {
        try (Laboratory laboratory = new Laboratory(4_000_000);
                Balancer balancer = Balancer.start(
                        dir,
                        Map.of(),
                        Stream.concat(laboratory.settings(REPLICAS).stream(), Stream.of("drain.timeout=1m"))
                                .toArray(String[]::new))) {
            Site site = new Site(laboratory.control(), laboratory.windows(), balancer);
            Plan plan = new Plan(
                    laboratory.seed(),
                    32,
                    800,
                    Duration.ofHours(1),
                    Integer.MAX_VALUE,
                    new Mix.Shape(300, Integer.MAX_VALUE));
            try (Crowd crowd = laboratory.crowd(plan, balancer.port())) {
                for (int i = 0; i < TRIALS; i++) {
                    site.scale("POST", "/add", 1);
                    site.scale("DELETE", "/rm", 1);
                }
                crowd.end();
                Verdict verdict = laboratory.verdict(crowd);
                verdict.assertClean(laboratory.seed());
                assertThat(verdict.outcomes().keySet()).containsExactly("POST 200", "idempotent 200");
            }
        }
    }

    /** Each of them finishes what it has and is replaced by another one. */
    @Test
    void replicas_stoppedBySomebodyElse_noRequestFails() throws Exception {
        try (Balancer balancer = Balancer.start(dir, Map.of());
                Load load = Load.start(balancer, Integer.MAX_VALUE, "--rate", "1000")) {
            Awaitility.await().until(() -> answers(balancer) > 0);
            for (int stopped = 0; stopped < TRIALS; stopped++) {
                double before = answers(balancer);
                ProcessHandle victim = oldest(balancer);
                Awaitility.await().until(() -> grown(victim));
                victim.destroy();
                Awaitility.await().until(() -> !victim.isAlive());
                Awaitility.await().until(() -> balancer.serving(REPLICAS));
                assertThat(answers(balancer)).as("answers meanwhile").isGreaterThan(before);
            }
            JsonNode report = load.end();
            System.out.printf("stopped=%d longest-gap=%s ms%n", TRIALS, report.path("longest_gap_ms"));
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
        }
    }

    private static double answers(Balancer balancer) throws IOException {
        return balancer.metric("ringmaster_requests_total");
    }

    private static ProcessHandle oldest(Balancer balancer) {
        return balancer.replicas().stream()
                .min(Comparator.comparing(RemovalIT::start))
                .orElseThrow();
    }

    /** Several deaths in early age count as a crash loop. */
    private static boolean grown(ProcessHandle replica) {
        return start(replica).plusSeconds(3).isBefore(Instant.now());
    }

    private static Instant start(ProcessHandle replica) {
        return replica.info().startInstant().orElseThrow();
    }
}
