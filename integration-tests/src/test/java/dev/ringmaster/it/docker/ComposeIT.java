package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The compose file, as a user starts it: own ports, pool and network, so that it meets nobody else's. */
@Tag("docker")
class ComposeIT {
    private static final String NAME = "it" + Long.toHexString(new Random().nextLong());
    private static final Path ROOT =
            Path.of(System.getProperty("ringmaster.dist")).resolve("../../..").normalize();

    private static int port;

    private static List<String> compose(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker-compose", "-p", NAME));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of("PORT", "" + port, "ADMIN_PORT", "" + (port + 1), "POOL", NAME, "NETWORK", NAME));
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("%s: %s", command, lines).isZero();
        return lines;
    }

    @BeforeAll
    static void up() throws Exception {
        // Two neighbours, below the range that connections take theirs from.
        do {
            port = 20_000 + new Random().nextInt(10_000);
        } while (!free(port) || !free(port + 1));
        compose("up", "-d", "--build");
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> get("/home").status() == 200);
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    @AfterAll
    static void down() throws Exception {
        compose("down", "-v");
        assertThat(Docker.run("ps", "-aq", "--filter", "label=dev.ringmaster.pool=" + NAME))
                .isEmpty();
        assertThat(Docker.run("ps", "-aq", "--filter", "label=dev.ringmaster.owned-pool=" + NAME))
                .isEmpty();
        assertThat(Docker.run("network", "ls", "-q", "--filter", "name=" + NAME))
                .isEmpty();
    }

    private static Answer get(String path) throws IOException {
        try (Http http = new Http(port)) {
            return http.get(path);
        }
    }

    @Test
    void calls_ofTheClassicInterface_workOnThePublishedPort() throws Exception {
        try (Http http = new Http(port)) {
            assertThat(http.get("/rep").text())
                    .isEqualTo("{\"message\":{\"N\":3,\"replicas\":[\"S1\",\"S2\",\"S3\"]},\"status\":\"successful\"}");
            assertThat(http.get("/home").text())
                    .matches("\\{\"message\":\"Hello from Server: S[123]\",\"status\":\"successful\"}");
            assertThat(http.post("/add", "{\"n\":2,\"hostnames\":[\"" + NAME + "\"]}")
                            .status())
                    .isEqualTo(200);
            assertThat(http.get("/rep").text()).contains("\"N\":5").contains(NAME);
            assertThat(http.delete("/rm", "{\"n\":2,\"hostnames\":[\"" + NAME + "\"]}")
                            .text())
                    .contains("\"N\":3")
                    .doesNotContain(NAME);
            assertThat(http.post("/add", "{\"n\":0}").text())
                    .isEqualTo("{\"message\":\"<Error> 'n' must be a positive integer\",\"status\":\"failure\"}");
            assertThat(http.get("/other").status()).isEqualTo(400);
        }
        Docker.run(
                "kill",
                Docker.run("ps", "-q", "--filter", "label=dev.ringmaster.pool=" + NAME)
                        .getFirst());
        await().untilAsserted(() -> assertThat(Docker.run("ps", "-q", "--filter", "label=dev.ringmaster.pool=" + NAME))
                .hasSize(3));
    }

    @Test
    void balancer_runsAsAnOrdinaryUserOnTheTransportOfItsImage() throws Exception {
        String lb = NAME + "_lb_1";
        assertThat(Docker.run("exec", lb, "sh", "-c", "grep ^Uid: /proc/1/status | cut -f2"))
                .containsExactly("10001");
        assertThat(Docker.run("logs", lb)).anyMatch(line -> line.contains("transport=epoll"));
        assertThat(Docker.run("inspect", "-f", "{{.HostConfig.Privileged}}", lb))
                .containsExactly("false");
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
