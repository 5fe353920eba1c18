package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import dev.ringmaster.lb.listener.FrontendTimeouts;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who keeps whom waiting, and for how long. */
final class TimeoutTest extends DataPlaneTest {
    private static final Duration LONG = DataPlaneFixture.LONG;
    /** Where it is not to be over: a machine that others share may stand still for two seconds. */
    private static final Duration BEARABLE = Duration.ofSeconds(3);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Settings HASTY = Settings.DEFAULT.responseTimeout(SHORT);

    private static Settings timeouts(Duration head, Duration body, Duration idle) {
        return Settings.DEFAULT.with(new FrontendTimeouts(head, body, idle, LONG));
    }

    private static ScriptedOrigin silent() throws IOException {
        return new ScriptedOrigin(ScriptedOrigin.Connection::awaitEnd);
    }

    @Test
    void replica_thatStaysSilent_isAGatewayTimeoutAndNotAskedTwice() throws IOException {
        DataPlaneFixture proxy = start(HASTY);
        try (ScriptedOrigin first = silent();
                ScriptedOrigin second = silent();
                RawClient client = proxy.serving(first, second).client()) {
            for (int i = 1; i <= 2; i++) {
                RawClient.Response response = client.get("/").response();
                assertThat(response.status()).isEqualTo(504);
                assertThat(response.text())
                        .isEqualTo("{\"message\":\"<Error> Server replica timed out\",\"status\":\"failure\"}");
                int asked = i;
                await().until(() -> first.connections() + second.connections() == asked);
            }
            assertThat(proxy.outcomes().failed()).isEqualTo(2);
        }
    }

    @Test
    void replica_thatStopsInTheMiddle_isACut() throws IOException {
        DataPlaneFixture proxy = start(HASTY.responseTimeout(LONG));
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> connection
                        .answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
                        .awaitEnd());
                RawClient client = proxy.serving(origin).client()) {
            client.get("/").head();
            client.read(5);
            // The first may find that something has come since the last look.
            proxy.last().tick(LONG);
            proxy.last().tick(LONG.multipliedBy(3));
            assertThatThrownBy(() -> client.read(1)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void replica_thatAnswersSlowlyButSteadily_isWaitedFor() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.responseTimeout(BEARABLE));
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
                    for (int i = 0; i < 8; i++) {
                        Async.pause(BEARABLE.dividedBy(7));
                        connection.send("x");
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.get("/").response().text()).isEqualTo("xxxxxxxx");
        }
    }

    @Test
    void replica_thatTakesNoBody_isAGatewayTimeout() throws IOException {
        DataPlaneFixture proxy = start(HASTY.maxBody(0));
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    over.await();
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
            Async.run(() -> client.send(new byte[100_000_000]));
            assertThat(client.response().status()).isEqualTo(504);
        } finally {
            over.countDown();
        }
    }

    @Test
    void replica_thatLeavesAnExpectationOpen_isAGatewayTimeout() throws IOException {
        DataPlaneFixture proxy = start(HASTY);
        try (ScriptedOrigin origin = silent();
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(504);
        }
    }

    @Test
    void client_thatStopsInItsBody_isTimedOutHoweverHastyTheReplicasTimeout() throws IOException {
        Settings settings = HASTY.with(new FrontendTimeouts(LONG, SHORT.multipliedBy(3), LONG, LONG));
        DataPlaneFixture proxy = start(settings);
        try (ScriptedOrigin origin = silent();
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
            RawClient.Response response = client.response();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.field("connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void client_thatStopsInItsHead_isTimedOut() throws IOException {
        DataPlaneFixture proxy = start(timeouts(SHORT, LONG, LONG));
        try (RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost");
            RawClient.Response response = client.response();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.text()).startsWith("{\"message\":\"<Error> ");
            assertThat(client.closed()).isTrue();
        }
        assertThat(proxy.closeAndReadLog()).contains("\"-\" 408 ");
    }

    @Test
    void client_thatDripsItsHead_isTimedOut() throws IOException {
        DataPlaneFixture proxy = start(timeouts(SHORT.multipliedBy(2), LONG, LONG));
        try (RawClient client = proxy.client()) {
            Async.run(() -> {
                for (char c : ("GET / HTTP/1.1\r\nX: " + "y".repeat(100)).toCharArray()) {
                    client.send(String.valueOf(c));
                    Async.pause(Duration.ofMillis(20));
                }
            });
            assertThat(client.response().status()).isEqualTo(408);
        }
    }

    @Test
    void client_thatIsIdle_isClosedSilently() throws IOException {
        DataPlaneFixture proxy = start(timeouts(LONG, LONG, BEARABLE));
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient used = proxy.serving(origin).client();
                RawClient unused = proxy.client()) {
            assertThat(used.get("/").response().text()).isEqualTo("hello");
            assertThat(used.closed()).isTrue();
            assertThat(unused.closed()).isTrue();
        }
    }

    @Test
    void client_thatStopsTakingItsAnswer_isClosed() throws IOException {
        DataPlaneFixture proxy = start(timeouts(LONG, LONG, SHORT.multipliedBy(3)));
        try (ScriptedOrigin origin = ScriptedOrigin.answering("x".repeat(30_000_000));
                RawClient client = proxy.serving(origin).client()) {
            client.get("/");
            await().until(() -> proxy.listener.open() == 0);
        }
    }

    @Test
    void client_thatTakesItsLastAnswerSlowly_getsAllOfIt() throws IOException {
        DataPlaneFixture proxy =
                start(Settings.DEFAULT.responseTimeout(BEARABLE).with(new FrontendTimeouts(LONG, LONG, LONG, SHORT)));
        int length = 12_000_000;
        try (ScriptedOrigin origin = ScriptedOrigin.answering("x".repeat(length));
                RawClient client = proxy.serving(origin).client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .head();
            long started = System.nanoTime();
            for (int left = length; left > 0; left -= 200_000) {
                client.read(200_000);
                Async.pause(BEARABLE.dividedBy(50));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(BEARABLE);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void refusedClient_thatNeitherReadsNorEnds_isClosed() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.with(new FrontendTimeouts(LONG, LONG, LONG, SHORT)));
        try (RawClient client = proxy.client()) {
            client.send("nonsense\r\n\r\n");
            await().until(() -> proxy.listener.open() == 0);
            assertThat(client.response().status()).isEqualTo(400);
        }
    }

    @Test
    void tunnel_thatIsIdleForAnHour_isClosed() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = UpgradeTest.echoing();
                RawClient client = UpgradeTest.upgraded(proxy.serving(origin).client())) {
            proxy.last().tick(Duration.ofMinutes(59));
            client.send("a");
            assertThat(client.read(1)).containsExactly('a');
            // The first may find that something has come since the last look.
            proxy.last().tick(Duration.ofMinutes(61));
            proxy.last().tick(Duration.ofMinutes(123));
            assertThat(client.closed()).isTrue();
        }
    }
}
