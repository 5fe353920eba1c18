package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import org.junit.jupiter.api.Test;

/** Clients that wait for a word before they send their body. */
class ExpectIT {
    private static final String UPLOAD =
            "POST /p HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

    private static Origin waiting() throws Exception {
        return new Origin(connection -> {
            while (true) {
                String head = connection.head();
                if (head.contains("Expect: 100-continue\r\n")) {
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                }
                connection.ok(head.contains("Content-Length: 5") ? connection.read(5) : head);
            }
        });
    }

    @Test
    void expectation_forwardedAndOriginsWordRelayed() throws Exception {
        try (Origin origin = waiting();
                Balancer balancer = Front.of(origin.port());
                Client client = new Client(balancer.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.send(UPLOAD).answer().head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                assertThat(client.send("hello").answer().text()).isEqualTo("hello");
            }
            // Who does not wait loses nothing.
            client.send(UPLOAD + "hasty");
            assertThat(client.answer().status()).isEqualTo(100);
            assertThat(client.answer().text()).isEqualTo("hasty");
            // HTTP/1.0 knows no expectation and no 1xx.
            client.send(UPLOAD.replace("HTTP/1.1", "HTTP/1.0").replace("100-continue", "whatever") + "older");
            assertThat(client.answer().text()).isEqualTo("older");
            assertThat(origin.heads().getLast()).doesNotContain("Expect");
        }
    }

    @Test
    void expectation_unknown_417() throws Exception {
        try (Origin origin = waiting();
                Balancer balancer = Front.of(origin.port())) {
            for (String value : new String[] {"x", "100-continue, x", "100-continue;q=1", ""}) {
                try (Client client = new Client(balancer.port())) {
                    Answer answer =
                            client.send(UPLOAD.replace("100-continue", value)).answer();
                    assertThat(answer.status()).isEqualTo(417);
                    assertThat(answer.text())
                            .isEqualTo("{\"message\":\"<Error> Expectation is not supported\",\"status\":\"failure\"}");
                    assertThat(client.rest()).isEmpty();
                }
            }
            assertThat(origin.heads()).isEmpty();
        }
    }

    @Test
    void finalAnswer_insteadOf100_relayedAndConnectionsNotConfused() throws Exception {
        try (Origin origin = new Origin(connection -> {
                    while (true) {
                        boolean upload = connection.head().startsWith("POST");
                        connection.send("HTTP/1.1 " + (upload ? "403 No" : "200 OK") + "\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                Balancer balancer = Front.of(origin.port(), "threads=1");
                Client client = new Client(balancer.port())) {
            assertThat(client.send(UPLOAD).answer().status()).isEqualTo(403);
            // The client has promised five bytes: they are no request.
            assertThat(client.send("GET /").get("/next").answer().status()).isEqualTo(200);
            assertThat(origin.heads()).hasSize(2);
            assertThat(origin.heads().getLast()).startsWith("GET /next HTTP/1.1\r\n");
            assertThat(origin.connections())
                    .as("an unfinished upload's connection is not used again")
                    .isEqualTo(2);
        }
    }
}
