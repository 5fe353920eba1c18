package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the balancer says where there is no answer of a replica, text by text. */
class OwnAnswersIT {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(connection -> {
            while (true) {
                String head = connection.request();
                if (head.contains(" /silent")) {
                    NEVER.await();
                }
                boolean missing = head.contains(" /missing");
                connection.send("HTTP/1.1 " + (missing ? "404 Not Found" : "200 OK") + "\r\nContent-Length: 5\r\n\r\n"
                        + (head.startsWith("HEAD") ? "" : "hello"));
            }
        });
        balancer = Front.of(origin.port(), "proxy.translate-not-found=true");
    }

    @AfterAll
    static void stop() throws Exception {
        NEVER.countDown();
        balancer.close();
        origin.close();
    }

    private static String failure(String text) {
        return "{\"message\":\"<Error> " + text + "\",\"status\":\"failure\"}";
    }

    @Test
    void silentReplica_504() throws Exception {
        try (Balancer hasty = Front.of(origin.port(), "proxy.response-timeout=300ms");
                Client client = new Client(hasty.port())) {
            long start = System.nanoTime();
            Answer answer = client.get("/silent").answer();
            assertThat(answer.head()).startsWith("HTTP/1.1 504 Gateway Timeout\r\n");
            assertThat(answer.text()).isEqualTo(failure("Server replica timed out"));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(10));
            // Of the balancer itself: no replica need be quick.
            client.send("OPTIONS / HTTP/1.1\r\nHost: test\r\nMax-Forwards: 0\r\n\r\n");
            assertThat(client.answer().status()).as("the connection goes on").isEqualTo(200);
        }
    }

    @Test
    void notFound_translatedIfAskedFor() throws Exception {
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.get("/missing\"\\?x=y").answer();
            assertThat(answer.head()).startsWith("HTTP/1.1 400 Bad Request\r\n");
            assertThat(answer.text())
                    .isEqualTo(failure("'/missing\\\"\\\\' endpoint does not exist in server replicas"));
            client.send("HEAD /missing HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.answer(true).status()).isEqualTo(400);
            assertThat(client.get("/").answer().text())
                    .as("the connection goes on")
                    .isEqualTo("hello");
        }
    }

    @Test
    void noReplica_503AndWhenToComeBack() throws Exception {
        Origin dead = Origin.answering("");
        try (Balancer alone = Front.of(dead.port(), "proxy.wait-for-replica=300ms")) {
            dead.close();
            try (Client client = new Client(alone.port())) {
                // The first one to be refused may still hope; those after it know.
                assertThat(client.get("/").answer().status()).isIn(502, 503);
                Answer answer = client.get("/").answer();
                assertThat(answer.head())
                        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                        .contains("\r\nRetry-After: 1\r\n");
                assertThat(answer.text()).isEqualTo(failure("No server replicas available"));
            }
        }
    }
}
