package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that breaks off in the middle is seen as broken, whoever looks. */
class CutIT {
    private static final int ROUNDS = 20;

    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.answering("all");
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @BeforeEach
    void afresh() throws IOException {
        origin.reset();
    }

    private static Origin.Script cutting(String start, boolean reset) {
        return connection -> {
            connection.request();
            connection.send(start);
            if (reset) {
                connection.reset();
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 10, false",
        "Content-Length: 10, true",
        "Transfer-Encoding: chunked, false",
        "Transfer-Encoding: chunked, true"
    })
    void responseBody_cut_clientSeesCut(String framing, boolean reset) throws Exception {
        String body = framing.startsWith("T") ? "5\r\nhello\r\n" : "hello";
        origin.script(cutting("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n" + body, reset));
        for (int i = 0; i < ROUNDS; i++) {
            try (Client client = new Client(balancer.port())) {
                client.get("/");
                assertThatThrownBy(() -> answerOr502(client)).isInstanceOf(EOFException.class);
            }
        }
    }

    /** A reset may overtake what was sent before it, and then no byte has been relayed. */
    private static void answerOr502(Client client) throws IOException {
        if (client.answer().status() == 502) {
            throw new EOFException();
        }
    }

    @Test
    void responseBodyUntilClose_reset_http10ClientSeesReset() throws Exception {
        CountDownLatch relayed = new CountDownLatch(1);
        origin.script(connection -> {
            connection.request();
            connection.send("HTTP/1.0 200 OK\r\n\r\nhello");
            // Only then, so that the reset cannot overtake the greeting.
            relayed.await();
            connection.reset();
        });
        try (Client client = new Client(balancer.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.in().readNBytes(5)).hasSize(5);
            relayed.countDown();
            assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"})
    void responseHead_cut_502(String start) throws Exception {
        origin.script(cutting(start, false));
        try (Client client = new Client(balancer.port())) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.answer().status()).isEqualTo(502);
            assertThat(origin.heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void request_cutByClient_upstreamConnectionClosed(boolean reset) throws Exception {
        origin.script(Origin.answers("all"));
        for (int i = 0; i < ROUNDS; i++) {
            Client client = new Client(balancer.port());
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\nhello");
            int heard = i + 1;
            Soon.until(() -> origin.heads().size() == heard);
            if (reset) {
                client.reset();
            } else {
                client.close();
            }
        }
        Soon.until(() -> origin.open() == 0);
    }

    @Test
    void client_goneWhileReplicaThinks_upstreamConnectionClosed() throws Exception {
        origin.script(connection -> {
            connection.request();
            connection.in().read();
        });
        Client client = new Client(balancer.port());
        client.get("/");
        Soon.until(() -> origin.heads().size() == 1);
        client.reset();
        Soon.until(() -> origin.open() == 0);
    }
}
