package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import dev.ringmaster.lb.listener.FrontendTimeouts;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a client's connection ends after the last answer: nobody lingers here for as long as a test runs. */
final class LastAnswerTest extends DataPlaneTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Settings PATIENT = Settings.DEFAULT.with(new FrontendTimeouts(LONG, LONG, LONG, LONG));
    private static final String LAST =
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";

    @Test
    void clientThatSendsNothingMore_isClosedAtOnce() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.send(LAST);
            assertThat(client.response().text()).isEqualTo("hello");
            assertThat(client.closed()).isTrue();
            await().until(() -> proxy.listener.open() == 0);
        }
    }

    @Test
    void clientThatHasSentMore_isHeardOutAfterItsAnswer() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.send(LAST + "\r\n");
            assertThat(client.response().text()).isEqualTo("hello");
            assertThat(client.closed()).isTrue();
            client.send("still here");
            assertThat(proxy.listener.open()).isEqualTo(1);
            client.end();
            await().until(() -> proxy.listener.open() == 0);
        }
    }

    @Test
    void clientOfAnEarlyAnswer_isHeardOut() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        try (RawClient client = proxy.client()) {
            client.send(
                    "OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nConnection: close\r\nContent-Length: 5\r\n\r\nbod");
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(client.closed()).isTrue();
            assertThat(proxy.listener.open()).isEqualTo(1);
            client.send("y!").end();
            await().until(() -> proxy.listener.open() == 0);
        }
    }

    @Test
    void readers_ofManyClientsAtOnce_areNotMixedUp() throws IOException {
        DataPlaneFixture proxy = start(PATIENT.oneLoop());
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    while (true) {
                        connection.ok(connection.request().split(" ", 3)[1]);
                    }
                });
                RawClient slow = proxy.serving(origin).client()) {
            slow.send("GET /slow");
            for (int i = 0; i < 3; i++) {
                try (RawClient other = proxy.client()) {
                    slow.send("-" + i);
                    assertThat(other.get("/" + i).response().text()).isEqualTo("/" + i);
                    assertThat(other.get("/again").response().text()).isEqualTo("/again");
                }
            }
            slow.send(" HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(slow.response().text()).isEqualTo("/slow-0-1-2");
        }
    }
}
