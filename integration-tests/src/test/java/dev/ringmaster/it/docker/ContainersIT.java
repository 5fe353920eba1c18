package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** What others do to containers costs no request, and the pool becomes what it was. */
@Tag("docker")
class ContainersIT {
    private static final long SEED = Long.getLong("docker.seed", System.nanoTime());

    @TempDir
    private Path dir;

    private static void assertNothingFailed(Load load, int requests) {
        JsonNode report = load.await();
        assertThat(report.path("failed").asInt()).as("%s", report).isZero();
        assertThat(report.path("ok").asInt()).isEqualTo(requests);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void replicas_killedAgainAndAgainUnderLoad_loseNoRequest(int spares) throws Exception {
        int requests = Integer.getInteger("docker.kill.requests", 7_000);
        Random random = new Random(SEED);
        List<Long> recoveries = new ArrayList<>();
        // A busy machine makes a replica slow that nobody killed: that it sits out then is not what is measured.
        try (DockerPool pool = new DockerPool(dir, "replicas=5", "spares=" + spares, "outlier.latency-factor=off")) {
            pool.awaitServing(5);
            Load load = Load.start(pool.balancer(), requests, "--rate", "1000");
            while (load.running()) {
                List<String> names = pool.names();
                String victim = names.get(random.nextInt(names.size()));
                Docker.run("kill", victim);
                long killed = System.nanoTime();
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> !pool.names().contains(victim));
                pool.awaitServing(5);
                recoveries.add((System.nanoTime() - killed) / 1_000_000);
                await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            }
            pool.balancer().log().stream()
                    .filter(line -> line.contains("EJECTED"))
                    .forEach(System.out::println);
            assertNothingFailed(load, requests);
            assertThat(pool.names()).hasSize(5);
        }
        Collections.sort(recoveries);
        System.out.printf(
                "seed=%d spares=%d kills=%d back to 5 in ms: p50 %d, p95 %d, max %d%n",
                SEED,
                spares,
                recoveries.size(),
                recoveries.get(recoveries.size() / 2),
                recoveries.get((int) (recoveries.size() * 0.95)),
                recoveries.getLast());
        assertThat(recoveries.get(recoveries.size() / 2)).isLessThan(20_000);
    }

    @Test
    void replicas_stoppedRestartedPausedAndSignalledByOthers_loseNoRequest() throws Exception {
        int requests = 1_500;
        try (DockerPool pool =
                new DockerPool(dir, "replicas=4", "provider-docker.env=SERVER_DELAY=2s", "health.replace-after=2m")) {
            pool.awaitServing(4);
            Load load = Load.start(pool.balancer(), requests, "--rate", "100", "-c", "256");
            String stopped = pool.names().get(0);
            Docker.run("stop", stopped);
            await().until(() -> !pool.names().contains(stopped));
            pool.awaitServing(4);
            String signalled = pool.names().get(1);
            Docker.run("kill", "-s", "HUP", signalled);
            String paused = pool.names().get(2);
            Docker.run("pause", paused);
            pool.awaitServing(3);
            Docker.run("unpause", paused);
            pool.awaitServing(4);
            assertThat(pool.names()).as("no needless respawn").contains(paused, signalled);
            Docker.run("restart", pool.names().get(3));
            pool.awaitServing(4);
            assertNothingFailed(load, requests);
            await().untilAsserted(() -> assertThat(pool.containers()).hasSize(4));
            System.out.println(pool.balancer().log().stream()
                    .filter(line -> line.contains("state=DOWN"))
                    .toList());
        }
    }

    @Test
    void replica_toldToStopByOthers_getsNoRequestFromThenOn() throws Exception {
        List<Long> reactions = new ArrayList<>();
        int saidByTheEngine = 0;
        try (DockerPool pool = new DockerPool(dir, "replicas=2")) {
            for (int i = 0; i < 3; i++) {
                pool.awaitServing(2);
                String stopped = pool.names().getFirst();
                long told = System.nanoTime();
                // Returns when the engine has sent the signal; docker stop would wait for the end.
                DockerClientFactory.lazyClient()
                        .killContainerCmd(stopped)
                        .withSignal("TERM")
                        .exec();
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> down(pool, stopped).isPresent());
                reactions.add((System.nanoTime() - told) / 1_000_000);
                // The reason that a heartbeat gives has no quotes.
                saidByTheEngine += down(pool, stopped).orElseThrow().contains(" reason=\"") ? 1 : 0;
            }
        }
        Collections.sort(reactions);
        System.out.printf("told to stop to out of the ring, in ms: %s%n", reactions);
        assertThat(reactions.get(1)).isLessThan(5_000);
        assertThat(saidByTheEngine).isPositive();
    }

    private static Optional<String> down(DockerPool pool, String replica) {
        return pool.balancer().log().stream()
                .filter(line -> line.contains("replica=" + replica + " ") && line.contains(" state=DOWN "))
                .findFirst();
    }

    @Test
    void pool_grownAndShrunkUnderLoad_losesNoRequest() throws Exception {
        int requests = 4_000;
        try (DockerPool pool = new DockerPool(dir, "replicas=5")) {
            pool.awaitServing(5);
            Load load = Load.start(pool.balancer(), requests, "--rate", "500");
            int cycles = 0;
            while (load.running() && cycles < 20) {
                if (pool.names().size() == 5) {
                    ContainerPool.assertMade(() -> pool.remove(3));
                }
                // An engine that stalls may fail an addition, which then leaves the pool as it was.
                Answer added = pool.add(3);
                if (added.status() == 200) {
                    cycles++;
                } else {
                    System.out.println("not added: " + added.text());
                    assertThat(pool.names()).hasSize(2);
                }
            }
            assertThat(cycles).isPositive();
            System.out.printf("%d cycles of 5, 2, 5%n", cycles);
            assertNothingFailed(load, requests);
            await().untilAsserted(() ->
                    assertThat(pool.containers().keySet()).containsExactlyInAnyOrderElementsOf(pool.names()));
        }
    }

    @Test
    void name_ofAForeignContainer_isTaken() throws Exception {
        String name = "foreign-" + Long.toHexString(SEED);
        try (DockerPool pool = new DockerPool(dir, "replicas=1");
                GenericContainer<?> foreign = new GenericContainer<>("ringmaster-server")
                        .withCreateContainerCmdModifier(command -> command.withName(name))) {
            foreign.start();
            try (var http = pool.http()) {
                Answer answer = http.post("/add", "{\"n\":1,\"hostnames\":[\"" + name + "\"]}");
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.text()).contains("<Error> Hostname '" + name + "' already exists");
            }
        }
    }

    @Test
    void slot_whoseImageCrashes_isGivenUpWithItsLastOutputWhileOthersServe() throws Exception {
        String image = "ringmaster-it-" + Long.toHexString(SEED);
        Docker.run("tag", "ringmaster-server", image);
        try (DockerPool pool = new DockerPool(dir, "replicas=3", "provider-docker.image=" + image)) {
            pool.awaitServing(3);
            Docker.runWith(
                    "FROM ringmaster-server\nENTRYPOINT [\"sh\", \"-c\", \"echo boom; exit 3\"]\n",
                    "build",
                    "-q",
                    "-t",
                    image,
                    "-");
            Docker.run("kill", pool.names().get(1));
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> pool.balancer().log().stream().anyMatch(line -> line.contains("state=FAILED")));
            assertThat(pool.balancer().log())
                    .filteredOn(line -> line.contains("state=FAILED"))
                    .singleElement()
                    .asString()
                    .contains("slot=1")
                    .contains("exit code 3, last output: boom");
            await().untilAsserted(() -> assertThat(pool.balancer().log())
                    .anyMatch(line -> line.contains("exit=3") && line.contains("boom")));
            try (Http http = new Http(pool.balancer().adminPort())) {
                assertThat(http.get("/readyz").text()).contains("failed");
                assertThat(http.get("/metrics").text()).contains("replicas{state=\"failed\"} 1.0");
            }
            assertNothingFailed(Load.start(pool.balancer(), 1_000), 1_000);
        } finally {
            Docker.run("rmi", "-f", image);
        }
    }
}
