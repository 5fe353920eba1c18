package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is away, broken or slow costs changes, never traffic, and needs nobody to put it right. */
@Tag("docker")
class EngineAwayIT {
    private static final int REQUESTS = 3_000;

    @TempDir
    private Path dir;

    private interface Trouble {
        void begin() throws IOException;
    }

    private static void assertRefusedInTime(DockerPool pool) throws IOException {
        long start = System.nanoTime();
        Answer answer = pool.add(1);
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.printf("add while the engine is away: %d after %d ms%n", answer.status(), millis);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.value("Retry-After")).isNotEmpty();
        assertThat(millis).isLessThan(60_000);
    }

    /** Traffic goes on through the trouble, changes are turned away, and afterwards everything works again. */
    private void endure(EngineRelay relay, Trouble trouble, Trouble end) throws Exception {
        try (DockerPool pool =
                new DockerPool(dir.resolve("state"), "replicas=3", "provider-docker.socket=" + relay.socket())) {
            pool.awaitServing(3);
            Load load = Load.start(pool.balancer(), REQUESTS, "--rate", "500");
            trouble.begin();
            await().until(() -> pool.balancer().log().stream().anyMatch(line -> line.contains("engine=away")));
            assertRefusedInTime(pool);
            assertThat(pool.remove(1).status()).isEqualTo(503);
            String victim = pool.names().getFirst();
            Docker.run("kill", victim);
            JsonNode report = load.await();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
            assertThat(pool.names()).contains(victim);
            end.begin();
            pool.awaitServing(3);
            assertThat(pool.names()).doesNotContain(victim).hasSize(3);
            ContainerPool.assertMade(() -> pool.add(1));
        }
    }

    @Test
    void engine_thatIsGone_isWaitedFor() throws Exception {
        try (EngineRelay relay = new EngineRelay(dir.resolve("engine.sock"))) {
            endure(relay, relay::stop, relay::start);
        }
    }

    @Test
    void engine_thatAnswers500_isWaitedFor() throws Exception {
        try (EngineRelay relay = new EngineRelay(dir.resolve("engine.sock"))) {
            endure(relay, () -> relay.breakDown(true), () -> relay.breakDown(false));
        }
    }

    @Test
    void engine_thatIsSlow_makesChangesSlowAndNothingElse() throws Exception {
        try (EngineRelay relay = new EngineRelay(dir.resolve("engine.sock"));
                DockerPool pool = new DockerPool(
                        dir.resolve("state"), "replicas=3", "provider-docker.socket=" + relay.socket())) {
            pool.awaitServing(3);
            relay.slow(Duration.ofSeconds(2));
            Load load = Load.start(pool.balancer(), REQUESTS, "--rate", "500");
            long start = System.nanoTime();
            ContainerPool.assertMade(() -> pool.add(1));
            System.out.printf("add with 2 s more a call: %d ms%n", (System.nanoTime() - start) / 1_000_000);
            Docker.run("kill", pool.names().getFirst());
            JsonNode report = load.await();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
            relay.slow(Duration.ZERO);
            pool.awaitServing(4);
        }
    }
}
