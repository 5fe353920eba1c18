package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets, and the upgrades that are none. */
final class UpgradeTest extends DataPlaneTest {
    private static final String REQUEST =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n";
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /** Accepts and sends back what comes, to its end. */
    static ScriptedOrigin echoing() throws IOException {
        return new ScriptedOrigin(connection -> {
            connection.head();
            connection.send(SWITCH);
            connection.socket().getInputStream().transferTo(connection.socket().getOutputStream());
        });
    }

    static RawClient upgraded(RawClient client) throws IOException {
        RawClient.Response response = client.send(REQUEST).response();
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.field("upgrade")).isEqualTo("websocket");
        assertThat(response.field("connection")).isEqualTo("Upgrade");
        return client;
    }

    @Test
    void tunnel_carriesBytesBothWaysAndEndsWithBoth() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = echoing();
                RawClient client = upgraded(proxy.serving(origin).client())) {
            assertThat(origin.heads().getFirst())
                    .contains("Connection: Upgrade\r\nUpgrade: websocket\r\n", "Sec-WebSocket-Key: k\r\n");
            for (int i = 0; i < 10; i++) {
                client.send("frame");
                assertThat(text(client.read(5))).isEqualTo("frame");
            }
            assertThat(proxy.inFlight()).isEqualTo(1);
            client.send("last").end();
            assertThat(text(client.read(4))).isEqualTo("last");
            assertThat(client.closed()).isTrue();
        }
        await().until(() -> proxy.listener.open() == 0);
        assertThat(proxy.inFlight()).isZero();
        assertThat(proxy.closeAndReadLog()).contains("\"GET /chat HTTP/1.1\" 101 54\n");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Test
    void tunnel_whoseReplicaEndsFirst_stillCarriesTheOtherWay() throws IOException {
        DataPlaneFixture proxy = start();
        CompletableFuture<String> received = new CompletableFuture<>();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection.send(SWITCH + "bye").socket().shutdownOutput();
                    received.complete(text(connection.socket().getInputStream().readAllBytes()));
                });
                RawClient client = upgraded(proxy.serving(origin).client())) {
            assertThat(text(client.read(3))).isEqualTo("bye");
            assertThat(client.closed()).isTrue();
            client.send("and ").send("good night").end();
            assertThat(received.join()).isEqualTo("and good night");
        }
    }

    @Test
    void earlyBytes_areHeldUntilTheSwitch() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    go.await();
                    connection.send(SWITCH);
                    connection
                            .socket()
                            .getInputStream()
                            .transferTo(connection.socket().getOutputStream());
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send(REQUEST + "early").send(" bytes").end();
            await().until(() -> origin.heads().size() == 1);
            go.countDown();
            assertThat(client.response().status()).isEqualTo(101);
            assertThat(text(client.in().readAllBytes())).isEqualTo("early bytes");
        }
    }

    @Test
    void earlyBytes_beyondTheBound_areNotRead() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch go = new CountDownLatch(1);
        int length = 10_000_000;
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    go.await();
                    connection.send(SWITCH).read(length);
                    connection.send("all");
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send(REQUEST);
            CompletableFuture<RawClient> sending = Async.get(() -> client.send(new byte[length]));
            String sample = "ringmaster_client_bytes_total{direction=\"in\"}";
            await().until(() -> proxy.metric(sample) > 16 << 10);
            await().until(new Steady(() -> (long) proxy.metric(sample)));
            assertThat(proxy.metric(sample)).isLessThan(96 << 10);
            go.countDown();
            assertThat(client.response().status()).isEqualTo(101);
            assertThat(text(client.read(3))).isEqualTo("all");
            sending.join();
        }
    }

    @Test
    void refusedUpgrade_isRelayedAndTheConnectionGoesOn() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("no");
                RawClient client = proxy.serving(origin).client()) {
            client.send(REQUEST + "GET /next" + HEAD_END);
            assertThat(client.response().text()).isEqualTo("no");
            assertThat(client.response().text()).isEqualTo("no");
            assertThat(origin.heads().get(1)).startsWith("GET /next ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n"
            })
    void upgrade_ofAnotherKind_isStrippedAndA101ToItABadGateway(String request) throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection.send(SWITCH + "evil").awaitEnd();
                });
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.send(request).response().status()).isEqualTo(502);
            assertThat(origin.heads().getFirst())
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContain("HTTP2");
        }
    }

    @Test
    void switch_toAnotherProtocol_isABadGateway() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection
                            .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nevil")
                            .awaitEnd();
                });
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.send(REQUEST).response().status()).isEqualTo(502);
        }
    }

    @Test
    void tunnel_whoseReplicaDies_endsForTheClient() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = echoing();
                RawClient client = upgraded(proxy.serving(origin).client())) {
            origin.die();
            client.ending();
        }
        await().until(() -> proxy.inFlight() == 0);
    }

    @Test
    void tunnel_whoseClientDies_endsForTheReplica() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
            connection.head();
            connection.send(SWITCH).awaitEnd();
            ended.countDown();
        })) {
            upgraded(proxy.serving(origin).client()).reset();
            await().until(() -> ended.getCount() == 0 && proxy.inFlight() == 0);
        }
    }

    @Test
    void tunnel_whoseReaderIsSlow_holdsTheSenderBack() throws IOException {
        DataPlaneFixture proxy = start();
        int length = 40_000_000;
        try (ScriptedOrigin origin = echoing();
                RawClient client = upgraded(proxy.serving(origin).client())) {
            CompletableFuture<RawClient> sending = Async.get(() -> client.send(new byte[length]));
            await().until(new Steady(() -> (long) proxy.metric("ringmaster_client_bytes_total{direction=\"in\"}")));
            assertThat(sending).isNotDone();
            client.read(length);
            sending.join();
        }
    }
}
