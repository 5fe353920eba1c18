package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that wait for a replica to come back. */
final class WaitTest extends DataPlaneTest {
    private static final Settings PATIENT = Settings.DEFAULT.oneLoop().waitForReplica(DataPlaneFixture.LONG);

    private static void awaitWaiting(DataPlaneFixture proxy, int count) {
        await().until(() -> proxy.metric("ringmaster_waits_total") == count);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReplicaState.class,
            names = {"STARTING", "DOWN", "DEAD"})
    void recoveringPool_request_waitsAndIsServed(ReplicaState state) throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        try (ScriptedOrigin origin = ScriptedOrigin.answering("back");
                RawClient client = proxy.serving(origin).state(0, state).client()) {
            client.post("/", "x");
            awaitWaiting(proxy, 1);
            proxy.replace(0, origin);
            assertThat(client.response().text()).isEqualTo("back");
        }
    }

    @Test
    void failedPool_request_isUnavailableAtOnce() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        try (ScriptedOrigin origin = ScriptedOrigin.answering("never");
                RawClient client = proxy.serving(origin)
                        .state(0, ReplicaState.DEAD)
                        .state(0, ReplicaState.FAILED)
                        .client()) {
            RawClient.Response response = client.get("/").response();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("retry-after")).isEqualTo("1");
            assertThat(proxy.metric("ringmaster_waits_total")).isZero();
        }
    }

    @Test
    void wait_inVain_isUnavailable() throws IOException {
        DataPlaneFixture proxy = start(PATIENT.waitForReplica(Duration.ofMillis(200)));
        try (ScriptedOrigin origin = ScriptedOrigin.answering("never");
                RawClient client =
                        proxy.serving(origin).state(0, ReplicaState.DEAD).client()) {
            client.send(("GET /" + HEAD_END).repeat(2));
            assertThat(client.response().status()).isEqualTo(503);
            assertThat(client.response().status()).isEqualTo(503);
            assertThat(proxy.metric("ringmaster_wait_timeouts_total")).isEqualTo(2);
        }
    }

    @Test
    void wait_wokenInVain_keepsItsDeadline() throws IOException {
        DataPlaneFixture proxy = start(PATIENT.waitForReplica(Duration.ofSeconds(1)));
        try (ScriptedOrigin origin = ScriptedOrigin.answering("never");
                RawClient client =
                        proxy.serving(origin).state(0, ReplicaState.DEAD).client()) {
            long asked = System.nanoTime();
            client.get("/");
            awaitWaiting(proxy, 1);
            for (int i = 0; i < 10; i++) {
                proxy.publish();
            }
            assertThat(client.response().status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(20));
            assertThat(proxy.metric("ringmaster_waits_total")).isEqualTo(1);
        }
    }

    @Test
    void request_cutOffByADeath_waitsForTheReplacement() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        try (ScriptedOrigin dying = new ScriptedOrigin(connection -> {
                    connection.request();
                    connection.reset();
                });
                ScriptedOrigin next = ScriptedOrigin.answering("next");
                RawClient client = proxy.serving(dying).client()) {
            // The table does not know of the death yet: the cut is enough of a sign.
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
            awaitWaiting(proxy, 1);
            proxy.replace(0, next);
            assertThat(client.response().text()).isEqualTo("next");
        }
    }

    @Test
    void request_cutOffByTheOnlyReplica_triesItAgainWithTheNextTable() throws IOException {
        DataPlaneFixture proxy = start(PATIENT.tellingTheRoute());
        try (ScriptedOrigin origin = ScriptedOrigin.each(
                        connection -> {
                            connection.request();
                            connection.reset();
                        },
                        connection -> connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nback"));
                RawClient client = proxy.serving(origin).client()) {
            client.get("/");
            awaitWaiting(proxy, 1);
            proxy.publish();
            RawClient.Response response = client.response();
            assertThat(response.text()).isEqualTo("back");
            assertThat(response.field("x-ringmaster-route")).endsWith("; tried=S1");
        }
    }

    @Test
    void waiters_ofManyTurns_areAllServed() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        int count = 200;
        List<RawClient> clients = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("back")) {
            proxy.serving(origin).state(0, ReplicaState.DEAD);
            for (int i = 0; i < count; i++) {
                clients.add(proxy.client().get("/" + i));
            }
            awaitWaiting(proxy, count);
            proxy.replace(0, origin);
            for (RawClient client : clients) {
                assertThat(client.response().text()).isEqualTo("back");
                client.close();
            }
            assertThat(origin.heads()).hasSize(count);
        }
    }

    @Test
    void queue_thatIsFull_turnsAwayAtOnce() throws IOException {
        DataPlaneFixture proxy = start(PATIENT);
        List<RawClient> clients = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("back")) {
            proxy.serving(origin).state(0, ReplicaState.DEAD);
            for (int i = 0; i < 1000; i++) {
                clients.add(proxy.client().get("/"));
            }
            awaitWaiting(proxy, 1000);
            try (RawClient late = proxy.client()) {
                assertThat(late.get("/").response().status()).isEqualTo(503);
            }
            clients.removeFirst().reset();
            await().until(() -> proxy.listener.open() == 999);
            clients.add(proxy.client().get("/"));
            awaitWaiting(proxy, 1001);
            proxy.replace(0, origin);
            for (RawClient client : clients) {
                assertThat(client.response().status()).isEqualTo(200);
                client.close();
            }
        }
    }

    @Test
    void bodies_ofWaiters_areHeldWithinBounds() throws IOException {
        DataPlaneFixture proxy = start(PATIENT.maxBody(0));
        int length = 300_000;
        int count = 60;
        List<RawClient> clients = new ArrayList<>();
        List<CompletableFuture<Void>> sending = new ArrayList<>();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
            while (true) {
                connection.head();
                connection.ok(String.valueOf(connection.read(length).length));
            }
        })) {
            proxy.serving(origin).state(0, ReplicaState.DEAD);
            for (int i = 0; i < count; i++) {
                RawClient client = proxy.client();
                client.socket().setSendBufferSize(8192);
                clients.add(client);
                sending.add(Async.run(
                        () -> client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n")
                                .send(new byte[length])));
            }
            awaitWaiting(proxy, count);
            String sample = "ringmaster_client_bytes_total{direction=\"in\"}";
            await().pollInterval(Duration.ofMillis(100)).until(new Steady(() -> (long) proxy.metric(sample)));
            // 64 KiB and one read for each of them, 18 MB were sent
            assertThat(proxy.metric(sample)).isLessThan(count * (128 << 10));
            proxy.replace(0, origin);
            for (RawClient client : clients) {
                assertThat(client.response().text()).isEqualTo(String.valueOf(length));
                client.close();
            }
            sending.forEach(CompletableFuture::join);
        }
    }
}
