package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import dev.ringmaster.lb.replica.OutcomeCounts;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts for and against a replica, and what says nothing of it. */
final class OutcomesTest extends DataPlaneTest {
    private static final Settings ONE_LOOP = Settings.DEFAULT.oneLoop().waitForReplica(Duration.ZERO);

    private static void assertCounts(DataPlaneFixture proxy, int good, int failed) {
        await().untilAsserted(() -> {
            OutcomeCounts counts = proxy.outcomes();
            assertThat(counts.good()).as("good").isEqualTo(good);
            assertThat(counts.failed()).as("failed").isEqualTo(failed);
            assertThat(counts.awaiting()).as("awaiting").isZero();
        });
    }

    private static ScriptedOrigin answering(String answer) throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                connection.request();
                connection.send(answer);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "200, true",
        "404, true",
        "500, false",
        "501, true",
        "502, false",
        "503, false",
        "505, true",
        "599, false"
    })
    void answer_countsByItsStatus(int status, boolean good) throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        try (ScriptedOrigin origin = answering("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/").response().status()).isEqualTo(status);
            }
            assertCounts(proxy, good ? 3 : 0, good ? 0 : 3);
            assertThat(proxy.failed).hasSize(good ? 0 : 3);
            assertThat(proxy.outcomes().answers()).isEqualTo(3);
        }
    }

    @Test
    void rowOfFailures_isToldAsItGrowsAndEndsWithASuccess() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    for (int i = 0; true; i++) {
                        connection.request();
                        connection.send("HTTP/1.1 " + (i == 2 ? 200 : 500) + " X\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 5; i++) {
                client.get("/").response();
            }
            assertThat(proxy.failed).containsExactly(1, 2, 1, 2);
        }
    }

    @Test
    void refusedConnection_countsAgainstTheReplica() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        InetSocketAddress nobody;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        try (RawClient client = proxy.serving(nobody).client()) {
            assertThat(client.get("/").response().status()).isEqualTo(502);
            assertCounts(proxy, 0, 1);
        }
    }

    @Test
    void answer_thatBreaksOff_countsAgainstTheReplicaOnce() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                });
                RawClient client = proxy.serving(origin).client()) {
            assertThatThrownBy(() -> client.get("/").response()).isInstanceOf(EOFException.class);
            assertCounts(proxy, 0, 1);
        }
    }

    @Test
    void pooledConnection_thatTurnsOutDead_countsForNothing() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.request();
                    connection.ok("first");
                    connection.head();
                });
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").response().status()).isEqualTo(200);
            }
            assertCounts(proxy, 4, 0);
        }
    }

    @Test
    void silence_untilTheTimeout_countsAgainstTheReplica() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP.responseTimeout(Duration.ofMillis(200)));
        try (ScriptedOrigin origin = new ScriptedOrigin(ScriptedOrigin.Connection::awaitEnd);
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.get("/").response().status()).isEqualTo(504);
            assertCounts(proxy, 0, 1);
            assertThat(proxy.outcomes().answers()).isZero();
        }
    }

    @Test
    void client_thatGoes_countsForNothing() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    asked.countDown();
                    connection.awaitEnd();
                });
                RawClient client = proxy.serving(origin).client().get("/")) {
            await().until(() -> asked.getCount() == 0 && proxy.outcomes().awaiting() == 1);
            client.reset();
            await().until(() -> proxy.inFlight() == 0);
            assertCounts(proxy, 0, 0);
        }
    }

    @Test
    void tunnel_isAnsweredWithItsUpgrade() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        try (ScriptedOrigin origin = UpgradeTest.echoing();
                RawClient client = UpgradeTest.upgraded(proxy.serving(origin).client())) {
            await().until(() ->
                    proxy.outcomes().awaiting() == 0 && proxy.outcomes().answers() == 1);
            client.send("last").end();
            client.read(4);
            assertThat(client.closed()).isTrue();
            assertCounts(proxy, 1, 0);
        }
    }

    @Test
    void requestWithABody_isNotTimed() throws IOException {
        DataPlaneFixture proxy = start(ONE_LOOP);
        try (ScriptedOrigin origin = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                RawClient client = proxy.serving(origin).client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
            assertThat(proxy.outcomes().awaiting()).isZero();
            client.send("c").response();
            assertCounts(proxy, 1, 0);
            assertThat(proxy.outcomes().answers()).isZero();
        }
    }
}
