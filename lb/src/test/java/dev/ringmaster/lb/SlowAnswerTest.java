package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attempts that take too long while another replica could answer. */
final class SlowAnswerTest extends DataPlaneTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String HEDGES = "ringmaster_retries_total{kind=\"hedge\"}";

    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean slow = new AtomicBoolean();

    @AfterEach
    void end() {
        over.countDown();
    }

    /** Takes a request and says nothing before the test is over. */
    private ScriptedOrigin silent() throws IOException {
        return new ScriptedOrigin(connection -> {
            connection.request();
            over.await();
        });
    }

    /** Answers at once, or while {@link #slow} not before the test is over. */
    private ScriptedOrigin sometimesSilent(String body) throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                connection.request();
                if (slow.get()) {
                    over.await();
                }
                connection.ok(body);
            }
        });
    }

    private static int asked(ScriptedOrigin... origins) {
        return Stream.of(origins).mapToInt(origin -> origin.heads().size()).sum();
    }

    @Test
    void attempt_overItsTime_isGivenUpForTheNextReplica() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.tryTimeout(MINUTE));
        try (ScriptedOrigin silent = silent();
                ScriptedOrigin other = ScriptedOrigin.answering("other")) {
            proxy.serving(silent, other);
            for (int i = 0; i < 8; i++) {
                int before = asked(silent);
                try (RawClient client = proxy.client().get("/")) {
                    await().until(() -> asked(silent) > before || client.in().available() > 0);
                    if (asked(silent) > before) {
                        proxy.last().tick(MINUTE.multipliedBy(2));
                    }
                    assertThat(client.response().text()).isEqualTo("other");
                }
            }
            assertThat(silent.heads()).isNotEmpty();
            assertThat(proxy.metric("ringmaster_retries_total{kind=\"failover\"}"))
                    .isEqualTo(silent.heads().size());
        }
    }

    @Test
    void post_overItsTime_isNotSentAgain() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.tryTimeout(SHORT));
        try (ScriptedOrigin silent = silent();
                ScriptedOrigin other = silent()) {
            proxy.serving(silent, other);
            try (RawClient client = proxy.client()) {
                client.post("/", "x");
                await().until(() -> asked(silent, other) == 1);
                proxy.last().tick(MINUTE);
                proxy.last().tick(DataPlaneFixture.LONG.multipliedBy(2));
                assertThat(client.response().status()).isEqualTo(504);
            }
            assertThat(asked(silent, other)).isEqualTo(1);
            assertThat(proxy.metric("ringmaster_retries_total{kind=\"failover\"}"))
                    .isZero();
        }
    }

    @Test
    void attempt_withoutAnotherReplica_goesOn() throws Exception {
        DataPlaneFixture proxy = start(Settings.DEFAULT.tryTimeout(SHORT));
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin only = new ScriptedOrigin(connection -> {
                    connection.request();
                    answer.await();
                    connection.ok("late");
                });
                RawClient client = proxy.serving(only).client().get("/")) {
            await().until(() -> only.heads().size() == 1);
            proxy.taken.forEach(taken -> taken.tick(Duration.ofSeconds(1)));
            answer.countDown();
            assertThat(client.response().text()).isEqualTo("late");
            assertThat(only.heads()).hasSize(1);
        }
    }

    @Test
    void slowAnswer_isHedged_andTheFirstCounts() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.oneLoop().hedged());
        try (ScriptedOrigin first = sometimesSilent("first");
                ScriptedOrigin second = ScriptedOrigin.answering("second")) {
            proxy.serving(first, second);
            try (RawClient client = proxy.client()) {
                for (int i = 0; i < 200; i++) {
                    client.get("/").response();
                }
                slow.set(true);
                for (int i = 0; i < 20; i++) {
                    assertThat(client.get("/").response().text()).isEqualTo("second");
                }
            }
            assertThat(proxy.metric("ringmaster_hedge_wins_total")).isPositive();
            assertThat(proxy.metric(HEDGES)).isGreaterThanOrEqualTo(proxy.metric("ringmaster_hedge_wins_total"));
            await().until(() -> proxy.inFlight() == 0);
        }
    }

    @Test
    void slowPost_isNotHedged() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.oneLoop().hedged().responseTimeout(Duration.ofMillis(400)));
        try (ScriptedOrigin first = sometimesSilent("first");
                ScriptedOrigin second = sometimesSilent("second")) {
            proxy.serving(first, second);
            try (RawClient client = proxy.client()) {
                for (int i = 0; i < 200; i++) {
                    client.get("/").response();
                }
                double before = proxy.metric(HEDGES);
                slow.set(true);
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
                assertThat(client.response().status()).isEqualTo(504);
                assertThat(proxy.metric(HEDGES)).isEqualTo(before);
            }
        }
    }

    @Test
    void hedgedRequest_whoseFirstReplicaBreaks_isAnsweredByTheOther() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.oneLoop().hedged());
        CountDownLatch breaks = new CountDownLatch(1);
        try (ScriptedOrigin first = new ScriptedOrigin(connection -> {
                    while (true) {
                        connection.request();
                        if (slow.get()) {
                            breaks.await();
                            connection.reset();
                            return;
                        }
                        connection.ok("first");
                    }
                });
                ScriptedOrigin second = new ScriptedOrigin(connection -> {
                    while (true) {
                        connection.request();
                        if (slow.get()) {
                            breaks.countDown();
                        }
                        connection.ok("second");
                    }
                })) {
            proxy.serving(first, second);
            try (RawClient client = proxy.client()) {
                for (int i = 0; i < 200; i++) {
                    client.get("/").response();
                }
                slow.set(true);
                for (int i = 0; i < 5; i++) {
                    assertThat(client.get("/").response().text()).isEqualTo("second");
                }
            }
            await().until(() -> proxy.inFlight() == 0);
        }
    }
}
