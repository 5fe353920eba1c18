package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers before the answer. */
class InformationalIT {
    private static final String HINT = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static Origin origin;
    private static Balancer balancer;
    private static volatile String response = "";

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(connection -> {
            do {
                connection.request();
                connection.send(response);
            } while (response.endsWith("hi"));
        });
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @Test
    void upTo8_relayedInOrder() throws Exception {
        response = HINT.repeat(8) + OK;
        try (Client client = new Client(balancer.port())) {
            client.get("/").get("/again");
            for (int i = 0; i < 2; i++) {
                for (int hint = 0; hint < 8; hint++) {
                    assertThat(client.answer().head()).isEqualTo(HINT);
                }
                assertThat(client.answer().text()).isEqualTo("hi");
            }
        }
    }

    @Test
    void hopByHopFields_andFraming_removedFrom1xx() throws Exception {
        response = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nConnection: X-Drop\r\nX-Drop: 1\r\nKeep-Alive: 1\r\n\r\n"
                + OK;
        try (Client client = new Client(balancer.port())) {
            assertThat(client.get("/").answer().head()).isEqualTo(HINT);
            assertThat(client.answer().text()).isEqualTo("hi");
        }
    }

    @Test
    void ninth_502() throws Exception {
        response = HINT.repeat(9) + OK;
        try (Client client = new Client(balancer.port())) {
            client.get("/");
            Answer answer = client.answer();
            for (int hint = 0; answer.status() == 103; hint++) {
                assertThat(hint).isLessThan(8);
                answer = client.answer();
            }
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text())
                    .isEqualTo("{\"message\":\"<Error> Server replica failed\",\"status\":\"failure\"}");
        }
    }

    @Test
    void http10Client_getsNone() throws Exception {
        response = HINT.repeat(3) + OK;
        try (Client client = new Client(balancer.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.rest()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        }
    }

    @Test
    void cutAfter1xx_502AndNoRetry() throws Exception {
        response = HINT;
        int heard = origin.heads().size();
        try (Client client = new Client(balancer.port())) {
            assertThat(client.get("/").answer().status()).isEqualTo(103);
            assertThat(client.answer().status()).isEqualTo(502);
        }
        assertThat(origin.heads()).hasSize(heard + 1);
    }

    @Test
    void unasked101_502() throws Exception {
        response = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + OK;
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.get("/").answer();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text()).doesNotContain("hi");
        }
    }
}
