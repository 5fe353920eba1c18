package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a balancer was doing when it was killed, the next one finds the pool as it was acknowledged. */
@Tag("docker")
class AdoptionIT {
    private static final long SEED = Long.getLong("docker.seed", System.nanoTime());

    @TempDir
    private Path dir;

    private static Map<String, String> homes(DockerPool pool) throws IOException {
        Map<String, String> homes = new HashMap<>();
        try (Http http = pool.http()) {
            for (int key = 0; key < 300; key++) {
                homes.put(
                        "k" + key,
                        http.call("GET", "/home", "X-Key: k" + key + "\r\n", "").text());
            }
        }
        return homes;
    }

    @Test
    void balancer_killedAndReplaced_keepsEveryReplicaAndEveryKey() throws Exception {
        try (DockerPool pool = new DockerPool(dir, "replicas=3", "hash.key=header:X-Key")) {
            pool.awaitServing(3);
            Map<String, String> containers = pool.containers();
            List<String> names = pool.names();
            Map<String, String> homes = homes(pool);
            long killed = System.nanoTime();
            pool.killBalancerAndStartAnother();
            System.out.printf("kill -9 to listening: %d ms%n", (System.nanoTime() - killed) / 1_000_000);
            pool.awaitServing(3);
            assertThat(pool.containers()).isEqualTo(containers);
            assertThat(pool.names()).isEqualTo(names);
            assertThat(homes(pool)).isEqualTo(homes);
        }
    }

    @Test
    void balancer_succeededUnderLoad_losesNothingAndKeepsEveryReplicaAndEveryKey() throws Exception {
        try (DockerPool pool = new DockerPool(dir, "replicas=3", "hash.key=header:X-Key", "spares=1")) {
            pool.awaitServing(3);
            await().until(() -> pool.containers().size() == 4);
            Map<String, String> containers = pool.containers();
            Map<String, String> homes = homes(pool);
            Load load = Load.start(pool.port(), 6_000, "--rate", "1500");
            for (int i = 0; i < 3; i++) {
                assertThat(pool.handOver()).as("exit code").isZero();
            }
            JsonNode report = load.await();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
            assertThat(pool.containers()).isEqualTo(containers);
            assertThat(homes(pool)).isEqualTo(homes);
        }
    }

    @Test
    void balancer_killedAtRandomMomentsOfChanges_leavesNoOrphanAndNoHalfChange() throws Exception {
        int kills = Integer.getInteger("docker.kills", 3);
        Random random = new Random(SEED);
        System.out.printf("seed=%d kills=%d%n", SEED, kills);
        // The table of exact moves: not one key may go where a change does not send it.
        try (DockerPool pool =
                new DockerPool(dir, "replicas=3", "hash.key=header:X-Key", "hash.algorithm=rendezvous")) {
            for (int i = 0; i < kills; i++) {
                pool.awaitServing(pool.names().size());
                List<String> before = pool.names();
                Map<String, String> homes = homes(pool);
                boolean adds = before.size() < 4;
                Thread change = Thread.ofVirtual().start(() -> change(pool, adds));
                Thread.sleep(random.nextInt(adds ? 900 : 60));
                pool.killBalancerAndStartAnother();
                change.join();
                List<String> after = pool.names();
                assertThat(after.size())
                        .as("seed %d, kill %d", SEED, i)
                        .isIn(before.size(), before.size() + (adds ? 2 : -2));
                pool.awaitServing(after.size());
                await().untilAsserted(() ->
                        assertThat(pool.containers().keySet()).containsExactlyInAnyOrderElementsOf(pool.names()));
                assertOnlyKeysOfTheChangeMoved(homes, homes(pool), before, after);
            }
        }
    }

    /** A key may leave a replica that is gone, or go to one that is new. */
    private static void assertOnlyKeysOfTheChangeMoved(
            Map<String, String> homes, Map<String, String> now, List<String> before, List<String> after) {
        homes.forEach((key, home) -> {
            boolean gone = after.stream().noneMatch(home::contains);
            boolean fresh = before.stream().noneMatch(now.getOrDefault(key, "")::contains);
            assertThat(gone || fresh || home.equals(now.get(key)))
                    .as("seed %d, %s went from %s to %s", SEED, key, home, now.get(key))
                    .isTrue();
        });
    }

    @Test
    void replica_thatDiedWithoutABalancer_failsNoRequestAndIsReplaced() throws Exception {
        try (DockerPool pool = new DockerPool(dir, "replicas=3")) {
            pool.awaitServing(3);
            String dead = pool.containers().get(pool.names().get(1));
            pool.balancer().kill();
            Docker.run("kill", dead);
            pool.startBalancer();
            JsonNode report = pool.load(1_000).await();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
            pool.awaitServing(3);
            await().untilAsserted(() ->
                    assertThat(pool.containers().values()).hasSize(3).doesNotContain(dead));
        }
    }

    private static void change(DockerPool pool, boolean adds) {
        try {
            if (adds) {
                pool.add(2);
            } else {
                pool.remove(2);
            }
        } catch (IOException killed) {
            // Its balancer is gone before it could answer.
        }
    }

    @Test
    void pool_whoseJournalIsLost_isMadeAnewOfItsContainers() throws Exception {
        try (DockerPool pool = new DockerPool(dir.resolve("first"), "replicas=3")) {
            pool.awaitServing(3);
            List<String> names = pool.names();
            Map<String, String> containers = pool.containers();
            Files.delete(dir.resolve("first/.ringmaster/" + pool.name() + ".journal"));
            pool.killBalancerAndStartAnother();
            pool.awaitServing(3);
            assertThat(pool.names()).isEqualTo(names);
            assertThat(pool.containers()).isEqualTo(containers);
            assertThat(pool.balancer().log())
                    .anyMatch(line -> line.contains("WARN") && line.contains("journal=missing"));
        }
    }
}
