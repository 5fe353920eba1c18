package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Replicas that have as many requests in flight as they may have. */
final class LimitTest extends DataPlaneTest {
    private final CountDownLatch answer = new CountDownLatch(1);

    private ScriptedOrigin held(String body) throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                connection.request();
                answer.await();
                connection.ok(body);
            }
        });
    }

    @Test
    void fullReplica_isPassedOver() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.limit(1, 0, Duration.ZERO));
        try (ScriptedOrigin first = held("a");
                ScriptedOrigin second = held("b")) {
            proxy.serving(first, second);
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                clients.add(proxy.client().get("/"));
                await().until(() -> first.heads().size() + second.heads().size() == clients.size());
            }
            assertThat(first.heads()).hasSize(1);
            answer.countDown();
            List<String> answers = new ArrayList<>();
            for (RawClient client : clients) {
                answers.add(client.response().text());
                client.close();
            }
            assertThat(answers).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void allFull_withoutRoomToWait_isUnavailableAtOnce() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.limit(1, 0, DataPlaneFixture.LONG));
        try (ScriptedOrigin origin = held("a")) {
            proxy.serving(origin);
            try (RawClient one = proxy.client().get("/");
                    RawClient two = proxy.client()) {
                await().until(() -> origin.heads().size() == 1);
                RawClient.Response refused = two.get("/").response();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.field("retry-after")).isEqualTo("1");
                assertThat(refused.text()).contains("<Error> Server replicas are at their limit");
                answer.countDown();
                assertThat(one.response().text()).isEqualTo("a");
                assertThat(two.get("/").response().text()).isEqualTo("a");
            }
            assertThat(proxy.metric("ringmaster_failures_total{kind=\"overloaded\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void allFull_requestsWait_andAreServedInTheirOrder() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.oneLoop().limit(1, 100, DataPlaneFixture.LONG));
        int count = 20;
        try (ScriptedOrigin origin = held("a")) {
            proxy.serving(origin);
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int before = i;
                clients.add(proxy.client().get("/" + i));
                await().until(() -> origin.heads().size() == 1 && proxy.metric("ringmaster_waits_total") == before);
            }
            answer.countDown();
            for (RawClient client : clients) {
                assertThat(client.response().text()).isEqualTo("a");
                client.close();
            }
            for (int i = 0; i < count; i++) {
                assertThat(origin.heads().get(i)).startsWith("GET /" + i + " ");
            }
        }
    }

    @Test
    void allFull_forLong_endsTheWait() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.limit(1, 100, Duration.ofMillis(50)));
        try (ScriptedOrigin origin = held("a")) {
            proxy.serving(origin);
            try (RawClient one = proxy.client().get("/");
                    RawClient two = proxy.client()) {
                await().until(() -> origin.heads().size() == 1);
                assertThat(two.get("/").response().status()).isEqualTo(503);
                answer.countDown();
                assertThat(one.response().text()).isEqualTo("a");
            }
            assertThat(proxy.metric("ringmaster_wait_timeouts_total")).isEqualTo(1);
        }
    }

    /** Room that comes about on another event loop is found, too. */
    @Test
    void manyLoops_allFull_allAreServedInTheEnd() throws Exception {
        DataPlaneFixture proxy = start(Settings.DEFAULT.limit(1, 100, DataPlaneFixture.LONG));
        try (ScriptedOrigin origin = held("a")) {
            proxy.serving(origin);
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                clients.add(proxy.client().get("/"));
            }
            await().until(() -> origin.heads().size() + proxy.metric("ringmaster_waits_total") == clients.size());
            // Two loops that look at the same moment both find room.
            assertThat(origin.heads()).hasSizeBetween(1, DataPlaneFixture.LOOPS);
            answer.countDown();
            for (RawClient client : clients) {
                assertThat(client.response().text()).isEqualTo("a");
                client.close();
            }
        }
    }
}
