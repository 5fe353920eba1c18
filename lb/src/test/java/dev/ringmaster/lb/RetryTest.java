package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is tried again when a replica breaks, and what never is. */
final class RetryTest extends DataPlaneTest {
    /** Takes a request and hangs up by a reset. */
    private static final ScriptedOrigin.Script RESETS = connection -> {
        connection.request();
        connection.reset();
    };

    private static final Settings NO_WAIT = Settings.DEFAULT.oneLoop().waitForReplica(Duration.ZERO);

    /** Answers the first request of each connection and closes as soon as the second one is there. */
    private static ScriptedOrigin closingAsTheSecondComes() throws IOException {
        return new ScriptedOrigin(connection -> {
            connection.request();
            connection.ok("first on " + connection.number());
            connection.head();
        });
    }

    @Test
    void pooledConnection_thatDiesAsItIsUsed_isRedialled() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin origin = closingAsTheSecondComes();
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 1; i <= 5; i++) {
                assertThat(client.get("/").response().text()).isEqualTo("first on " + i);
            }
            assertThat(proxy.metric("ringmaster_retries_total{kind=\"redial\"}"))
                    .isEqualTo(4);
            assertThat(proxy.metric("ringmaster_retries_total{kind=\"failover\"}"))
                    .isZero();
        }
    }

    @Test
    void bodyOfAnIdempotentRequest_onADeadConnection_isSentAgain() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin origin = ScriptedOrigin.each(
                        connection -> {
                            connection.request();
                            connection.ok("first");
                            connection.head();
                            connection.read(5);
                        },
                        connection -> {
                            connection.head();
                            connection.ok(new String(connection.read(10), StandardCharsets.US_ASCII));
                        });
                RawClient client = proxy.serving(origin).client()) {
            client.get("/").response();
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234")
                    .send("56789");
            assertThat(client.response().text()).isEqualTo("0123456789");
        }
    }

    @Test
    void nonIdempotentRequest_onABrokenConnection_isABadGatewayAndNeverSentTwice() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        AtomicInteger posts = new AtomicInteger();
        ScriptedOrigin.Script script = connection -> {
            while (true) {
                if (connection.request().startsWith("POST")) {
                    posts.incrementAndGet();
                    connection.reset();
                    return;
                }
                connection.ok("ok");
            }
        };
        try (ScriptedOrigin first = new ScriptedOrigin(script);
                ScriptedOrigin second = new ScriptedOrigin(script);
                RawClient client = proxy.serving(first, second).client()) {
            for (int i = 1; i <= 10; i++) {
                client.get("/").response();
                assertThat(client.post("/", "x").response().status()).isEqualTo(502);
                assertThat(posts.get()).isEqualTo(i);
            }
        }
    }

    @Test
    void nonIdempotentRequest_onAConnectionIdleForLong_getsAFreshOne() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin origin = ScriptedOrigin.answering("ok");
                RawClient client = proxy.serving(origin).client()) {
            // The machine may stand still between two requests, but not between any two.
            AtomicInteger posts = new AtomicInteger();
            await().until(() -> {
                client.post("/", "x").response();
                return posts.incrementAndGet() > origin.connections();
            });
            int before = origin.connections();
            Async.pause(Duration.ofMillis(1050));
            client.get("/").response();
            assertThat(origin.connections()).isEqualTo(before);
            Async.pause(Duration.ofMillis(1050));
            client.post("/", "x").response();
            assertThat(origin.connections()).isEqualTo(before + 1);
        }
    }

    @Test
    void idempotentRequest_onABreakingReplica_movesOnToEachCandidateOnce() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin first = new ScriptedOrigin(RESETS);
                ScriptedOrigin second = new ScriptedOrigin(RESETS);
                ScriptedOrigin third = new ScriptedOrigin(RESETS);
                RawClient client = proxy.serving(first, second, third).client()) {
            assertThat(client.get("/").response().status()).isEqualTo(502);
            for (ScriptedOrigin origin : List.of(first, second, third)) {
                assertThat(origin.heads()).hasSize(1);
            }
            assertThat(proxy.metric("ringmaster_retries_total{kind=\"redial\"}"))
                    .isZero();
        }
    }

    @Test
    void idempotentRequest_withOneReplicaAlive_alwaysFindsIt() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin broken = new ScriptedOrigin(RESETS);
                ScriptedOrigin alive = ScriptedOrigin.answering("alive");
                RawClient client = proxy.serving(broken, alive).client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").response().text()).isEqualTo("alive");
            }
            assertThat(broken.heads()).isNotEmpty();
        }
    }

    @Test
    void refusedConnection_ofAnyMethod_movesOnAndIsReported() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin alive = ScriptedOrigin.answering("alive");
                RawClient client = proxy.serving(refusing(), alive.address()).client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.post("/", "x").response().text()).isEqualTo("alive");
                assertThat(client.get("/").response().text()).isEqualTo("alive");
            }
            assertThat(proxy.refused).isNotEmpty().containsOnly(proxy.replica(0));
        }
    }

    @Test
    void refusedConnections_ofAll_areABadGateway() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (RawClient client = proxy.serving(refusing(), refusing()).client()) {
            assertThat(client.post("/", "x").response().status()).isEqualTo(502);
            assertThat(proxy.refused).containsExactlyInAnyOrder(proxy.replica(0), proxy.replica(1));
        }
    }

    @Test
    void totalOutage_manyRequests_areTriedAgainWithinTheBudget() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        int requests = 300;
        try (ScriptedOrigin first = new ScriptedOrigin(RESETS);
                ScriptedOrigin second = new ScriptedOrigin(RESETS);
                RawClient client = proxy.serving(first, second).client()) {
            long started = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                assertThat(client.get("/").response().status()).isEqualTo(502);
            }
            long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds() + 1;
            int attempts = first.heads().size() + second.heads().size();
            // 16 to begin with, a fifth of a request each, ten a second
            assertThat(attempts).isBetween(requests + 16, (int) (requests + 16 + requests / 5 + 10 * seconds));
        }
    }

    @Test
    void failover_afterADeath_isFreeWithoutABudget() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedOrigin breaking = new ScriptedOrigin(RESETS);
                ScriptedOrigin other = new ScriptedOrigin(RESETS);
                RawClient client = proxy.serving(breaking, other).client()) {
            exhaustTheBudget(client);
            try (ScriptedOrigin dying = new ScriptedOrigin(connection -> {
                        connection.request();
                        asked.countDown();
                        connection.awaitEnd();
                    });
                    ScriptedOrigin alive = ScriptedOrigin.answering("alive")) {
                proxy.serving(dying, alive).state(1, ReplicaState.DOWN);
                client.get("/");
                await().until(() -> asked.getCount() == 0);
                proxy.state(1, ReplicaState.UP).state(0, ReplicaState.DEAD);
                dying.die();
                assertThat(client.response().text()).isEqualTo("alive");
            }
        }
    }

    private static void exhaustTheBudget(RawClient client) throws IOException {
        for (int i = 0; i < 100; i++) {
            client.get("/").response();
        }
    }

    @Test
    void replica_thatBreaksInTheMiddleOfItsAnswer_isAVisibleCut() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                    connection.head();
                });
                RawClient client = proxy.serving(origin).client()) {
            client.get("/").head();
            client.read(5);
            origin.die();
            assertThatThrownBy(() -> client.read(1)).isInstanceOf(EOFException.class);
            assertThat(origin.heads()).hasSize(1);
        }
    }

    @Test
    void replica_thatBreaksWithinItsHead_isFailedOverButNotRedialled() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        ScriptedOrigin.Script script = connection -> {
            connection.request();
            connection.ok("first");
            connection.answer("HTTP/1.1 200 O");
        };
        try (ScriptedOrigin origin = new ScriptedOrigin(script);
                RawClient client = proxy.serving(origin).client()) {
            client.get("/").response();
            assertThat(client.get("/").response().status()).isEqualTo(502);
            assertThat(proxy.metric("ringmaster_retries_total{kind=\"redial\"}"))
                    .isZero();
        }
    }

    @Test
    void largeBody_onABreakingReplica_isNotReplayable() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT);
        int length = 200_000;
        ScriptedOrigin.Script breaking = connection -> {
            connection.head();
            connection.read(length);
            connection.reset();
        };
        try (ScriptedOrigin first = new ScriptedOrigin(breaking);
                ScriptedOrigin second = new ScriptedOrigin(breaking);
                RawClient client = proxy.serving(first, second).client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            client.send(new byte[length]);
            assertThat(client.response().status()).isEqualTo(502);
            assertThat(first.heads().size() + second.heads().size()).isEqualTo(1);
        }
    }

    @Test
    void body_thatComesWhileConnecting_isSentToWhoeverAccepts() throws IOException {
        DataPlaneFixture proxy = start(NO_WAIT.maxBody(0));
        int length = 1 << 20;
        try (ScriptedOrigin alive = new ScriptedOrigin(connection -> {
            connection.head();
            byte[] body = connection.read(length);
            connection.ok(body.length + " " + Arrays.hashCode(body));
        })) {
            byte[] body = new byte[length];
            new Random(7).nextBytes(body);
            proxy.serving(refusing(), refusing(), alive.address());
            try (RawClient client = proxy.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n")
                        .send(body);
                assertThat(client.response().text()).isEqualTo(length + " " + Arrays.hashCode(body));
            }
        }
    }
}
