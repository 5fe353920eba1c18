package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Clients that go away, in every phase of an exchange, and those that only end their output. */
final class DisconnectTest extends DataPlaneTest {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private ScriptedOrigin noticing(String answer) throws IOException {
        return new ScriptedOrigin(connection -> {
            connection.head();
            connection.send(answer);
            asked.countDown();
            try {
                connection.awaitEnd();
            } finally {
                ended.countDown();
            }
        });
    }

    private void assertReplicaNotices(DataPlaneFixture proxy, RawClient client) throws IOException {
        await().until(() -> asked.getCount() == 0);
        client.reset();
        await().until(() -> ended.getCount() == 0 && proxy.inFlight() == 0);
    }

    @Test
    void client_thatGoesWhileTheReplicaThinks_endsTheReplicasConnection() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = noticing("")) {
            assertReplicaNotices(proxy, proxy.serving(origin).client().get("/"));
        }
        assertThat(proxy.closeAndReadLog()).contains("\"GET / HTTP/1.1\" 0 0\n");
    }

    @Test
    void client_thatGoesInItsBody_endsTheReplicasConnection() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = noticing("")) {
            RawClient client = proxy.serving(origin).client();
            assertReplicaNotices(proxy, client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello"));
        }
    }

    @Test
    void client_thatGoesInTheAnswer_endsTheReplicasConnection() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = noticing("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")) {
            RawClient client = proxy.serving(origin).client().get("/");
            client.head();
            assertReplicaNotices(proxy, client);
        }
    }

    @Test
    void client_thatGoesWhileItWaits_leavesTheQueue() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.oneLoop().waitForReplica(DataPlaneFixture.LONG));
        try (ScriptedOrigin origin = ScriptedOrigin.answering("back")) {
            RawClient client =
                    proxy.serving(origin).state(0, ReplicaState.DEAD).client().get("/");
            await().until(() -> proxy.metric("ringmaster_waits_total") == 1);
            client.reset();
            await().until(() -> proxy.listener.open() == 0);
            proxy.replace(0, origin);
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void client_thatGoesWhileConnecting_isForgotten() throws IOException {
        DataPlaneFixture proxy = start();
        // A full backlog leaves further connects unanswered.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket one = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket two = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            proxy.serving(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
            RawClient client = proxy.client().get("/");
            await().until(() -> proxy.inFlight() == 1);
            client.reset();
            await().until(() -> proxy.inFlight() == 0);
            full.accept().close();
            full.accept().close();
        }
    }

    @Test
    void connect_thatIsNotAnswered_timesOutAndMovesOn() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT, Duration.ofSeconds(1));
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket one = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket two = new Socket(full.getInetAddress(), full.getLocalPort());
                ScriptedOrigin alive = ScriptedOrigin.answering("alive")) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            var unanswered = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
            proxy.serving(unanswered, alive.address());
            for (int i = 0; i < 4; i++) {
                try (RawClient client = proxy.client()) {
                    assertThat(client.post("/", "x").response().text()).isEqualTo("alive");
                }
            }
            proxy.serving(unanswered);
            try (RawClient client = proxy.client()) {
                assertThat(client.post("/", "x").response().status()).isEqualTo(502);
            }
            assertThat(proxy.refused).contains(proxy.replica(0));
        }
    }

    @Test
    void client_thatEndsItsOutput_stillGetsItsAnswerHoweverSlowlyItReads() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch answer = new CountDownLatch(1);
        int length = 20_000_000;
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.request();
                    asked.countDown();
                    answer.await();
                    connection.ok("x".repeat(length)).awaitEnd();
                });
                RawClient client = proxy.serving(origin).client()) {
            client.post("/", "body").end();
            await().until(() -> asked.getCount() == 0);
            answer.countDown();
            await().until(new Steady(() -> (long) proxy.metric("ringmaster_client_bytes_total{direction=\"out\"}")));
            RawClient.Response response = client.response();
            assertThat(response.text()).hasSize(length);
            assertThat(response.field("connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void client_thatEndsItsOutputWhileItsAnswerIsOnItsWay_getsAllOfIt() throws IOException {
        DataPlaneFixture proxy = start();
        int length = 20_000_000;
        try (ScriptedOrigin origin = ScriptedOrigin.answering("x".repeat(length));
                RawClient client = proxy.serving(origin).client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .head();
            client.read(length - 9_000_000);
            await().until(new Steady(() -> (long) proxy.metric("ringmaster_client_bytes_total{direction=\"out\"}")));
            client.end();
            client.read(9_000_000);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void client_thatEndsWithinItsRequest_isClosedWithoutAnAnswer() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = noticing("");
                RawClient inHead = proxy.serving(origin).client();
                RawClient inBody = proxy.client()) {
            assertThat(inHead.send("GET / HTTP/1.1\r\n").end().closed()).isTrue();
            assertThat(inBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
                            .end()
                            .closed())
                    .isTrue();
        }
    }
}
