package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Http;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The compose file, as a user starts it: own ports, pool and network, so that it meets nobody else's. */
@Tag("docker")
class ComposeIT {
    private static ComposePool pool;

    @BeforeAll
    static void up() throws IOException {
        pool = new ComposePool(Map.of());
        pool.awaitServing(3);
    }

    @AfterAll
    static void down() throws IOException {
        pool.close();
        pool.assertNothingIsLeft();
    }

    @Test
    void calls_ofTheClassicInterface_workOnThePublishedPort() throws Exception {
        try (Http http = pool.http()) {
            // S1 to S3, or who has replaced one that had no processor.
            String replica = "S[-a-z0-9]+";
            assertThat(http.get("/rep").text())
                    .matches("\\{\"message\":\\{\"N\":3,\"replicas\":\\[(\"" + replica
                            + "\",?){3}]},\"status\":\"successful\"}");
            assertThat(http.get("/home").text())
                    .matches("\\{\"message\":\"Hello from Server: " + replica + "\",\"status\":\"successful\"}");
            ContainerPool.assertMade(() -> pool.add(2, pool.name()));
            assertThat(http.get("/rep").text()).contains("\"N\":5").contains(pool.name());
            ContainerPool.assertMade(() -> pool.remove(2, pool.name()));
            assertThat(http.get("/rep").text()).contains("\"N\":3").doesNotContain(pool.name());
            assertThat(http.post("/add", "{\"n\":0}").text())
                    .isEqualTo("{\"message\":\"<Error> 'n' must be a positive integer\",\"status\":\"failure\"}");
            assertThat(http.get("/other").status()).isEqualTo(400);
        }
    }

    @Test
    void replica_killed_isReplacedByTheSpareAndTheSpareByAnother() throws Exception {
        String victim = pool.names().getFirst();
        Docker.run("kill", victim);
        await().until(() -> !pool.names().contains(victim));
        pool.awaitServing(3);
        await().untilAsserted(() -> assertThat(pool.containers())
                .hasSize(4)
                .doesNotContainKey(victim)
                .containsKeys(pool.names().toArray(String[]::new)));
    }

    @Test
    void balancer_runsAsAnOrdinaryUserOnTheTransportOfItsImage() throws Exception {
        String lb = pool.balancerContainer();
        assertThat(Docker.run("exec", lb, "sh", "-c", "grep ^Uid: /proc/1/status | cut -f2"))
                .containsExactly("10001");
        assertThat(Docker.run("logs", lb)).anyMatch(line -> line.contains("transport=epoll"));
        assertThat(Docker.run("inspect", "-f", "{{.HostConfig.Privileged}}", lb))
                .containsExactly("false");
    }

    @Test
    void upgrade_thatKeeps_keepsEveryReplicaAndMakeDownEndsThem() throws Exception {
        try (ComposePool kept = new ComposePool(Map.of("RINGMASTER_SHUTDOWN_REPLICAS", "keep"))) {
            kept.awaitServing(3);
            Map<String, String> containers = kept.containers();
            kept.up("--force-recreate");
            kept.awaitServing(3);
            assertThat(kept.containers()).isEqualTo(containers);
            Docker.run("kill", kept.balancerContainer());
            assertThat(kept.containers()).isEqualTo(containers);
            kept.run(List.of("make", "down"));
            kept.assertNothingIsLeft();
        }
    }

    @Test
    void wideBind_withoutAToken_isAStartError() throws Exception {
        List<String> lines = new ArrayList<>();
        Process process = new ProcessBuilder("docker", "run", "--rm", "-e", "BIND=0.0.0.0", "ringmaster-lb")
                .redirectErrorStream(true)
                .start();
        process.inputReader().lines().forEach(lines::add);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(lines).singleElement().asString().contains("BIND=0.0.0.0").contains("RINGMASTER_ADMIN_TOKEN");
    }
}
