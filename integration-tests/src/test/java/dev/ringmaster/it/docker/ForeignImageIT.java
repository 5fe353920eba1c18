package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any image that serves HTTP can be the replica: here Debian's nginx, which stops on a signal of its own. */
@Tag("docker")
class ForeignImageIT {
    private static final String IMAGE = "ringmaster-it-nginx";
    private static final String DOCKERFILE = """
            FROM debian:bookworm-slim
            RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light >/dev/null
            STOPSIGNAL SIGQUIT
            EXPOSE 80
            CMD ["nginx", "-g", "daemon off;"]
            """;

    @TempDir
    private Path dir;

    @Test
    void nginx_asReplica_isBalancedHealedAndDrained() throws Exception {
        Docker.runWith(DOCKERFILE, "build", "-q", "-t", IMAGE, "-");
        try (DockerPool pool = new DockerPool(
                dir, "replicas=2", "provider-docker.image=" + IMAGE, "provider-docker.port=80", "health.path=/")) {
            pool.awaitServing(2);
            try (Http http = pool.http()) {
                assertThat(http.get("/").text()).contains("nginx");
                assertThat(http.get("/no-such-page").status()).isEqualTo(404);
            }
            Load load = Load.start(
                    pool.balancer(),
                    4_000,
                    "--rate",
                    "1000",
                    "--any-body",
                    "--url",
                    "http://127.0.0.1:" + pool.balancer().port() + "/");
            String killed = pool.names().getFirst();
            Docker.run("kill", killed);
            await().until(() -> !pool.names().contains(killed));
            Docker.run("stop", pool.names().getLast());
            JsonNode report = load.await();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
            pool.awaitServing(2);
            assertThat(pool.remove(1).status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(pool.containers()).hasSize(1));
        } finally {
            Docker.run("rmi", "-f", IMAGE);
        }
    }
}
