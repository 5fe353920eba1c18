package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets pass; nothing else takes a connection over. */
class UpgradeIT {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(UpgradeIT::serve);
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    private static void serve(Origin.Connection connection) throws IOException {
        while (true) {
            String head = connection.request();
            if (head.contains("\r\nUpgrade: websocket\r\n") && head.startsWith("GET /chat")) {
                connection.send(Handshake.response(KEY));
                echoFrames(connection);
            } else if (head.startsWith("GET /raw")) {
                connection.send(Handshake.response(KEY));
                connection.in().transferTo(connection.socket().getOutputStream());
                return;
            } else if (head.startsWith("GET /other-protocol")) {
                connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nx");
            } else {
                connection.ok(head);
            }
        }
    }

    private static void echoFrames(Origin.Connection connection) throws IOException {
        while (true) {
            int length = connection.read(2).charAt(1) & 0x7f;
            connection.read(4);
            connection.send(Handshake.plain(Handshake.unmasked(connection.read(length))));
        }
    }

    private static void assertEchoes(Client client, String text) throws IOException {
        byte[] frame = client.in().readNBytes(2 + text.length());
        assertThat(new String(frame, StandardCharsets.ISO_8859_1)).isEqualTo(Handshake.plain(text));
    }

    @Test
    void webSocket_throughBalancer_echoes() throws Exception {
        try (Client client = new Client(balancer.port())) {
            // The first frame comes before anybody has agreed to it.
            client.send(Handshake.request(KEY) + Handshake.masked("early"));
            assertThat(client.answer().head())
                    .isEqualTo("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertEchoes(client, "early");
            for (int i = 0; i < 100; i++) {
                client.send(Handshake.masked("frame " + i));
                assertEchoes(client, "frame " + i);
            }
        }
        assertThat(origin.heads().getLast())
                .contains(
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", "\r\nSec-WebSocket-Key: " + KEY + "\r\n");
        Soon.until(() -> origin.open() == 0);
    }

    @Test
    void tunnel_megabytesAndHalfClose_arriveWhole() throws Exception {
        String megabyte = "0123456789abcdef".repeat(1 << 16);
        try (Client client = new Client(balancer.port())) {
            client.send("GET /raw HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(101);
            Thread upload = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 8; i++) {
                        client.send(megabyte);
                    }
                    client.end();
                } catch (IOException broken) {
                    throw new java.io.UncheckedIOException(broken);
                }
            });
            assertThat(client.rest()).isEqualTo(megabyte.repeat(8));
            upload.join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AA\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: TLS/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: test\r\nConnection: Upgrade, keep-alive\r\nUpgrade: websocket\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx"
            })
    void upgrade_ofAnotherKind_strippedAndAnsweredPlainly(String request) throws Exception {
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.send(request).answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text())
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("http2-settings");
            assertThat(client.get("/next").answer().text()).startsWith("GET /next");
        }
    }

    @Test
    void upgrade_refusedByOrigin_connectionGoesOn() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send(Handshake.request(KEY).replace("/chat", "/no-chat")).get("/next");
            Answer refusal = client.answer();
            assertThat(refusal.status()).isEqualTo(200);
            assertThat(refusal.text()).contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
            assertThat(client.answer().text()).startsWith("GET /next");
        }
    }

    @Test
    void upgrade_toAnotherProtocolThanAsked_502() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send(Handshake.request(KEY).replace("/chat", "/other-protocol"));
            assertThat(client.answer().status()).isEqualTo(502);
        }
    }
}
