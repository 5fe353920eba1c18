package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.RawClient.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Expectations and what comes before the final response. */
final class InformationalTest extends DataPlaneTest {
    private static final String EXPECTING =
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

    @Test
    void expectation_isForwardedAndTheReplicasConsentRelayed() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection.send(CONTINUE);
                    connection.ok(new String(connection.read(4), StandardCharsets.US_ASCII));
                });
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.send(EXPECTING).response().status()).isEqualTo(100);
            assertThat(client.send("body").response().text()).isEqualTo("body");
            assertThat(origin.heads().getFirst()).contains("Expect: 100-continue\r\n");
        }
    }

    @Test
    void expectation_refused_isRelayedAndTheConnectionGoesOnAfterTheBody() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection
                            .send("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
                            .awaitEnd();
                });
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.send(EXPECTING).response().status()).isEqualTo(401);
            assertThat(client.send("body" + EXPECTING).response().status()).isEqualTo(401);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void informational_toHttp11_isRelayedUpToEightThenABadGateway() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.each(
                        connection -> connection.answer(HINTS.repeat(8)).ok("ok"),
                        connection -> connection.answer(HINTS.repeat(9)).ok("ok"));
                RawClient client = proxy.serving(origin).client()) {
            client.get("/");
            for (int i = 0; i < 8; i++) {
                assertThat(client.response().status()).isEqualTo(103);
            }
            assertThat(client.response().text()).isEqualTo("ok");
            client.get("/");
            for (int i = 0; i < 8; i++) {
                assertThat(client.response().status()).isEqualTo(103);
            }
            assertThat(client.response().status()).isEqualTo(502);
        }
    }

    @Test
    void informational_toHttp10_isDropped() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(
                        connection -> connection.answer(CONTINUE + HINTS).ok("ok"));
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").response().text()).isEqualTo("ok");
        }
    }

    @Test
    void replica_thatBreaksAfterAnInformational_isNotAskedAgainButAnsweredFor() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.each(
                        connection -> connection.answer(HINTS), connection -> connection.answer(HINTS + "HTTP/1.1 2"));
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 1; i <= 2; i++) {
                assertThat(client.get("/").response().status()).isEqualTo(103);
                assertThat(client.response().status()).isEqualTo(502);
                assertThat(origin.heads()).hasSize(i);
            }
        }
    }

    @Test
    void informational_beforeALargeRefusal_keepsTheOrder() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> connection.answer(
                        HINTS + "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + "x".repeat(100_000)));
                RawClient client = proxy.serving(origin).client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(103);
            assertThat(client.response().text()).hasSize(100_000);
            assertThat(client.ending()).isEqualTo(Ending.CLOSED);
        }
    }
}
