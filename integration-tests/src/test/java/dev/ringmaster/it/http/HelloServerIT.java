package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Dist;
import dev.ringmaster.it.harness.Front;
import java.io.BufferedReader;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The distribution's own server behind the distribution's balancer, each a process that knows the other's address only. */
class HelloServerIT {
    private static Process server;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        ProcessBuilder command =
                new ProcessBuilder(Dist.home().resolve("bin/ringmaster-server").toString(), "--port", "0");
        command.environment().put("SERVER_ID", "S1");
        server = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader output = server.inputReader();
        String line = output.readLine();
        assertThat(line).startsWith("ringmaster-port ");
        balancer = Front.of(List.of(Integer.parseInt(line.substring("ringmaster-port ".length()))));
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        server.destroy();
        server.waitFor();
    }

    @Test
    void answers_ofRealServer_passUnchanged() throws Exception {
        try (Client client = new Client(balancer.port())) {
            assertThat(client.get("/home").answer().text())
                    .isEqualTo("{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"}");
            Answer heartbeat = client.get("/heartbeat").answer();
            assertThat(heartbeat.status()).isEqualTo(200);
            assertThat(heartbeat.text()).isEmpty();
            Answer other = client.get("/other?x=y").answer();
            assertThat(other.status()).isEqualTo(400);
            assertThat(other.text())
                    .isEqualTo("{\"message\":\"<Error> '/other' endpoint does not exist in server replicas\","
                            + "\"status\":\"failure\"}");
            Answer post = client.send("POST /home HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi")
                    .answer();
            assertThat(post.status()).isEqualTo(405);
            assertThat(post.value("Allow")).isEqualTo("GET, HEAD");
            client.send("HEAD /home HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.answer(true).value("Content-Length")).isNotEqualTo("0");
            assertThat(client.get("/home").answer().status()).isEqualTo(200);
        }
    }
}
