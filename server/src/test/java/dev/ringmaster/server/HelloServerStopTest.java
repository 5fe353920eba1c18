package dev.ringmaster.server;

import static dev.ringmaster.server.RawClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.server.RawClient.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Delayed answers, and how a server ends. */
final class HelloServerStopTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void delay_onHomeOnly_holdsUpNobodyElse() throws IOException {
        try (HelloServer server = HelloServerTest.start(LONG);
                RawClient delayed = new RawClient(server.port());
                RawClient other = new RawClient(server.port())) {
            delayed.send(request("GET", "/home"));

            assertThat(other.get("/heartbeat").status()).isEqualTo(200);
            assertThat(other.get("/other").status()).isEqualTo(400);
            assertThat(other.call("POST", "/home").status()).isEqualTo(405);
        }
    }

    @Test
    void delay_pipelined_keepsTheOrder() throws IOException {
        try (HelloServer server = HelloServerTest.start(SHORT);
                RawClient client = new RawClient(server.port())) {
            client.send((request("GET", "/home") + request("GET", "/next")).repeat(3));

            for (int i = 0; i < 3; i++) {
                assertThat(client.read().body()).contains("Hello");
                assertThat(client.read().body()).contains("'/next'");
            }
        }
    }

    @Test
    void delay_halfClosedClient_stillGetsItsAnswer() throws IOException {
        try (HelloServer server = HelloServerTest.start(SHORT);
                RawClient client = new RawClient(server.port())) {
            client.send(request("GET", "/home")).shutdownOutput();

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void drain_whileAccepting_everyAnswerEndsItsConnection() throws IOException {
        try (HelloServer server = HelloServerTest.start(Duration.ZERO);
                RawClient earlier = new RawClient(server.port())) {
            earlier.get("/heartbeat");
            CompletableFuture<Boolean> drained = drainInBackground(server, LONG);

            await().until(() -> {
                try (RawClient later = new RawClient(server.port())) {
                    return "close".equals(later.get("/heartbeat").headers().get("connection"));
                }
            });
            assertThat(earlier.get("/home").headers()).containsEntry("connection", "close");
            assertThat(earlier.isEnded()).isTrue();
            assertThat(drained).isNotDone();
        }
    }

    @Test
    void drain_requestInFlight_isFinishedAndIdleConnectionsAreClosed() throws Exception {
        try (HelloServer server = HelloServerTest.start(Duration.ofSeconds(3));
                RawClient busy = new RawClient(server.port());
                RawClient idle = new RawClient(server.port())) {
            idle.get("/heartbeat");
            sendDelayed(busy);

            CompletableFuture<Boolean> drained = drainInBackground(server, Duration.ZERO);

            assertThat(idle.isEnded()).isTrue();
            Response last = busy.read();
            assertThat(last.body()).contains("Hello");
            assertThat(last.headers()).containsEntry("connection", "close");
            assertThat(drained.get(1, TimeUnit.MINUTES)).isTrue();
            assertThatThrownBy(() -> new RawClient(server.port()).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void drain_lastAnswerIsOutButItsClientStillSends_waitsForTheConnectionToEnd() throws Exception {
        try (HelloServer server = HelloServerTest.start(Duration.ZERO);
                RawClient client = new RawClient(server.port())) {
            long start = System.nanoTime();
            client.send("POST /home HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(413);

            assertThat(server.drain(Duration.ZERO, LONG)).isTrue();

            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(HelloHandler.LINGER_MILLIS));
        }
    }

    @Test
    void drain_requestThatTakesTooLong_isGivenUp() throws Exception {
        RawClient busy;
        try (HelloServer server = HelloServerTest.start(LONG)) {
            busy = new RawClient(server.port());
            sendDelayed(busy);

            assertThat(server.drain(Duration.ofMillis(250))).isFalse();
        }
        assertThat(busy.isEnded()).isTrue();
        busy.close();
    }

    @Test
    void drain_limitThatLeavesNoTimeToAccept_stillEndsAtOnceWhenIdle() throws Exception {
        try (HelloServer server = HelloServerTest.start(Duration.ZERO)) {
            assertThat(server.drain(LONG, LONG)).isTrue();
        }
    }

    @Test
    void drain_twiceAtATime_endsBoth() throws Exception {
        try (HelloServer server = HelloServerTest.start(Duration.ofSeconds(1));
                RawClient busy = new RawClient(server.port());
                RawClient idle = new RawClient(server.port())) {
            idle.get("/heartbeat");
            sendDelayed(busy);
            CompletableFuture<Boolean> first = drainInBackground(server, Duration.ZERO);
            assertThat(idle.isEnded()).isTrue();

            CompletableFuture<Boolean> second = drainInBackground(server, Duration.ZERO);

            assertThat(busy.read().status()).isEqualTo(200);
            assertThat(second.get(2, TimeUnit.MINUTES)).isTrue();
            assertThat(first.get(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void drain_ofAClosedServer_isNoDrain() throws Exception {
        HelloServer server = HelloServerTest.start(Duration.ZERO);
        server.close();

        assertThat(server.drain(LONG)).isFalse();
    }

    @Test
    void close_duringADrain_endsIt() throws Exception {
        HelloServer server = HelloServerTest.start(Duration.ZERO);
        CompletableFuture<Boolean> drained = drainInBackground(server, LONG);
        await().until(() -> {
            try (RawClient client = new RawClient(server.port())) {
                return "close".equals(client.get("/heartbeat").headers().get("connection"));
            }
        });

        server.close();

        assertThat(drained.get(2, TimeUnit.MINUTES)).isFalse();
    }

    @Test
    void start_portTaken_throws() throws IOException {
        try (HelloServer server = HelloServerTest.start(Duration.ZERO)) {
            ServerOptions same = new ServerOptions("S2", "127.0.0.1", server.port(), LONG, LONG, false);

            assertThatThrownBy(() -> HelloServer.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void start_unknownAddress_throws() {
        ServerOptions nowhere = new ServerOptions("S2", "no.such.host.invalid", 0, LONG, LONG, false);

        assertThatThrownBy(() -> HelloServer.start(nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no.such.host.invalid");
    }

    /** Sends a request to /home and returns when the server has surely read it. */
    private static void sendDelayed(RawClient client) throws IOException {
        client.send(request("GET", "/heartbeat") + request("GET", "/home"));
        assertThat(client.read().status()).isEqualTo(200);
    }

    private static CompletableFuture<Boolean> drainInBackground(HelloServer server, Duration accepting) {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                drained.complete(server.drain(accepting, LONG.multipliedBy(10)));
            } catch (InterruptedException e) {
                drained.completeExceptionally(e);
            }
        });
        return drained;
    }
}
