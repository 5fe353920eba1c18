package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Many requests on one connection, one after another and ahead of their answers. */
final class KeepAliveTest extends DataPlaneTest {
    private static final Duration POLL = Duration.ofMillis(100);

    private static ScriptedOrigin echoingTargets() throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                connection.ok(connection.request().split(" ", 3)[1]);
            }
        });
    }

    @Test
    void request_oneReplica_isForwardedAndAnswered() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            RawClient.Response response = client.get("/home?x=1").response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello");
            assertThat(origin.heads().getFirst())
                    .startsWith("GET /home?x=1 HTTP/1.1\r\n")
                    .contains("Host: test\r\n", "X-Forwarded-For: 127.0.0.1\r\n", "Via: 1.1 ringmaster\r\n");
        }
        assertThat(proxy.closeAndReadLog()).contains("\"GET /home?x=1 HTTP/1.1\" 200 5\n");
    }

    @Test
    void requests_oneAfterAnother_shareBothConnections() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = echoingTargets();
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 20; i++) {
                RawClient.Response response = client.get("/" + i).response();
                assertThat(response.text()).isEqualTo("/" + i);
                assertThat(response.fields()).doesNotContainKey("connection");
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void requests_sentAhead_areAnsweredInOrder() throws IOException {
        DataPlaneFixture proxy = start();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            requests.append("GET /").append(i).append(HEAD_END);
        }
        try (ScriptedOrigin first = echoingTargets();
                ScriptedOrigin second = echoingTargets();
                RawClient client = proxy.serving(first, second).client()) {
            client.send(requests.toString());
            for (int i = 0; i < 1000; i++) {
                assertThat(client.response().text()).isEqualTo("/" + i);
            }
            assertThat(first.heads().size() + second.heads().size()).isEqualTo(1000);
        }
    }

    @Test
    void bodies_sentAhead_belongToTheirRequests() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    while (true) {
                        String head = connection.head();
                        int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
                        connection.ok(new String(connection.read(length), StandardCharsets.US_ASCII));
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 50; i++) {
                client.post("/", "body" + i);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(client.response().text()).isEqualTo("body" + i);
            }
        }
    }

    @Test
    void reading_ofRequestsAhead_stopsAtTheBound() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch answer = new CountDownLatch(1);
        int count = 2_000;
        byte[] request = ("GET /" + "a".repeat(1000) + HEAD_END).getBytes(StandardCharsets.US_ASCII);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    while (true) {
                        connection.request();
                        answer.await();
                        connection.ok("ok");
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            CompletableFuture<Void> sending = Async.run(() -> {
                for (int i = 0; i < count; i++) {
                    client.send(request);
                }
            });
            // Kernel buffers hold the rest: the balancer has taken its bound and one read at most.
            await().until(() -> bytesIn(proxy) >= 64L << 10);
            await().pollInterval(POLL).until(new Steady(() -> bytesIn(proxy)));
            assertThat(bytesIn(proxy)).isLessThanOrEqualTo(192L << 10);
            answer.countDown();
            for (int i = 0; i < count; i++) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            sending.join();
        }
    }

    private static long bytesIn(DataPlaneFixture proxy) {
        return (long) proxy.metric("ringmaster_client_bytes_total{direction=\"in\"}");
    }

    @Test
    void answers_thatNobodyTakes_holdBackFurtherRequests() throws IOException {
        DataPlaneFixture proxy = start();
        String large = "x".repeat(60_000);
        int count = 300;
        try (ScriptedOrigin origin = ScriptedOrigin.answering(large);
                RawClient client = proxy.serving(origin).client()) {
            client.send(("GET /" + HEAD_END).repeat(count));
            // 18 MB of answers: what the kernel does not take must wait at the replica, not in the balancer.
            await().until(() -> origin.heads().size() > 1);
            await().pollInterval(POLL).until(new Steady(() -> origin.heads().size()));
            assertThat(origin.heads().size()).isLessThan(count);
            for (int i = 0; i < count; i++) {
                assertThat(client.response().text()).hasSize(large.length());
            }
        }
    }

    @Test
    void halfClosedClient_withRequestsAhead_getsAllAnswersThenTheEnd() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = echoingTargets();
                RawClient client = proxy.serving(origin).client()) {
            client.send("GET /1" + HEAD_END + "GET /2" + HEAD_END + "GET /3" + HEAD_END)
                    .end();
            for (int i = 1; i <= 3; i++) {
                assertThat(client.response().text()).isEqualTo("/" + i);
            }
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void closeAsked_byTheClient_endsTheConnectionAfterTheAnswer() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /second" + HEAD_END);
            RawClient.Response response = client.response();
            assertThat(response.field("connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
            assertThat(origin.heads()).hasSize(1);
        }
    }

    @Test
    void listener_thatLeaves_closesIdleConnectionsAndAnnouncesTheEndToBusyOnes() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.each(connection -> {
                    connection.request();
                    connection.ok("first");
                    connection.request();
                    asked.countDown();
                    answer.await();
                    connection.ok("second").awaitEnd();
                });
                RawClient idle = proxy.serving(origin).client();
                RawClient unused = proxy.client();
                RawClient busy = proxy.client()) {
            assertThat(idle.get("/").response().text()).isEqualTo("first");
            busy.get("/");
            await().until(() -> asked.getCount() == 0);
            await().until(() -> proxy.listener.open() == 3);
            proxy.listener.leave();
            proxy.listener.closeIdle();
            assertThat(idle.closed()).isTrue();
            assertThat(unused.closed()).isTrue();
            answer.countDown();
            assertThat(busy.response().field("connection")).isEqualTo("close");
            assertThat(busy.closed()).isTrue();
        }
        await().until(() -> proxy.listener.open() == 0);
        proxy.listener.stopAccepting();
    }
}
