package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever ends a connection, and when: the answers that are owed arrive, in order and whole. */
class ConnectionEndsIT {
    private static final int SENT_AHEAD = 1000;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static Origin origin;
    private static Balancer balancer;
    private static volatile CountDownLatch mayAnswer = new CountDownLatch(0);

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(connection -> {
            while (true) {
                String head = connection.request();
                mayAnswer.await();
                connection.ok(head.split(" ", -1)[1]);
            }
        });
        balancer = Front.of(List.of(origin.port()), "health.interval=24h", "proxy.max-body=1KiB");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @Test
    void requests_1000SentAhead_answeredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < SENT_AHEAD; i++) {
            boolean upload = i % 3 == 0;
            requests.append(upload ? "POST /" : "GET /")
                    .append(i)
                    .append(" HTTP/1.1\r\nHost: test\r\n")
                    .append(upload ? "Content-Length: 2\r\n\r\nhi" : "\r\n");
        }
        try (Client client = new Client(balancer.port())) {
            Thread sending = Thread.ofVirtual().start(() -> send(client, requests.toString()));
            for (int i = 0; i < SENT_AHEAD; i++) {
                assertThat(client.answer().text()).isEqualTo("/" + i);
            }
            sending.join();
        }
    }

    private static void send(Client client, String text) {
        try {
            client.send(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void client_halfClosed_getsEveryAnswerAndThenTheEnd() throws Exception {
        mayAnswer = new CountDownLatch(1);
        try (Client client = new Client(balancer.port())) {
            int before = origin.heads().size();
            client.get("/1").get("/2").get("/3").end();
            Soon.until(() -> origin.heads().size() > before);
            mayAnswer.countDown();
            assertThat(client.answer().text()).isEqualTo("/1");
            assertThat(client.answer().text()).isEqualTo("/2");
            Answer last = client.answer();
            assertThat(last.text()).isEqualTo("/3");
            assertThat(last.value("Connection")).isEqualTo("close");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void connectionClose_endsAfterAnswer_whateverFollows() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send("GET /last HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
                    .get("/never");
            assertThat(client.answer().text()).isEqualTo("/last");
            assertThat(client.rest()).isEmpty();
        }
        assertThat(origin.heads()).noneMatch(head -> head.contains("/never"));
    }

    /** A reset would destroy what the client has not read yet. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 50000\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                "CONNECT test:1 HTTP/1.1\r\nHost: test:1\r\n\r\n"
            })
    void rejection_clientGoesOnSending_stillReadsIt(String faulty) throws Exception {
        int late = 0;
        for (int i = 0; i < 100; i++) {
            long start = System.nanoTime();
            try (Client client = new Client(balancer.port())) {
                client.send(faulty);
                for (int piece = 0; piece < 50; piece++) {
                    client.send("a".repeat(1000));
                }
                Answer answer = client.answer();
                assertThat(answer.status()).isIn(400, 405, 413);
                assertThat(answer.text()).startsWith("{\"message\":\"<Error> ").endsWith("\"status\":\"failure\"}");
                assertThat(client.rest()).isEmpty();
            } catch (IOException broken) {
                // So long is listened to what it sends; a busy machine may take longer.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(LINGER);
                late++;
            }
        }
        assertThat(late).isLessThan(50);
    }
}
