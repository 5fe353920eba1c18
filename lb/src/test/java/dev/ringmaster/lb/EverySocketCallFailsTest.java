package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same requests again and again: the balancer's first call of a kind fails, then the second one, and so on until all
 * requests are over before its turn comes. Whatever fails, no answer may be wrong or missing without a sign, nothing
 * that changes something may be done twice, nothing may hang or stay open.
 */
final class EverySocketCallFailsTest extends DataPlaneTest {
    private static final int MOST_CALLS = 2000;
    private static final int LARGE = 300_000;

    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    /** Tells each request apart: answers with its path and as much as that asks for, in the way that it asks for. */
    private ScriptedOrigin origin() throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                String[] line = connection.request().split(" ", 3);
                done.merge(line[0] + line[1], 1, Integer::sum);
                String body = answer(line[1]);
                if (line[1].endsWith("/chunked")) {
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
                } else {
                    connection.ok(body);
                }
                if (line[1].endsWith("/last")) {
                    return;
                }
            }
        });
    }

    private static String answer(String path) {
        return path.endsWith("/large") ? path.repeat(LARGE / path.length()) : path;
    }

    @ParameterizedTest
    @CsvSource({
        "accept, 2",
        "socket, 1",
        "connect, 1",
        "finishConnect, 0",
        "client read, 6",
        "client write, 6",
        "client close, 2",
        "replica read, 6",
        "replica write, 6",
        "replica close, 1"
    })
    void nthCall_failing_isNeverHiddenNorPassedOn(String kind, int least) throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.oneLoop(), FaultySockets.transports());
        try (ScriptedOrigin one = origin();
                ScriptedOrigin other = origin()) {
            for (boolean late : List.of(false, true)) {
                int nth = 0;
                do {
                    nth++;
                    assertThat(nth).as("calls").isLessThan(MOST_CALLS);
                    proxy.serving(one, other);
                    FaultySockets.begin(kind, nth, late);
                    new Life(proxy, "%s-%d-%s".formatted(kind.replace(' ', '-'), nth, late)).play();
                } while (FaultySockets.end());
                assertThat(nth - 1).as("faults, late=%s", late).isGreaterThanOrEqualTo(least);
            }
        }
    }

    /** One run of the requests. */
    private final class Life {
        private final DataPlaneFixture proxy;
        private final String id;
        private int broken;

        Life(DataPlaneFixture proxy, String id) {
            this.proxy = proxy;
            this.id = id;
        }

        void play() throws IOException {
            try (RawClient client = proxy.client()) {
                ask(client, "GET", "/" + id + "/a", "");
                ask(client, "POST", "/" + id + "/b", "x".repeat(100));
                ask(client, "GET", "/" + id + "/c/large", "");
            } catch (EOFException | SocketException cut) {
                broken++;
            }
            try (RawClient client = proxy.client()) {
                ask(client, "PUT", "/" + id + "/d", "x".repeat(LARGE));
                ask(client, "GET", "/" + id + "/e/chunked", "");
                ask(client, "GET", "/" + id + "/f/last", "");
                client.end();
                assertThat(client.closed()).isTrue();
            } catch (EOFException | SocketException cut) {
                broken++;
            }
            assertThat(broken).as("connections that one fault breaks, %s", this).isLessThan(2);
            assertThat(done).as("%s", this).doesNotContainEntry("POST/" + id + "/b", 2);
            endConnections();
            FaultySockets.end();
            try (RawClient client = proxy.client()) {
                assertThat(ask(client, "GET", "/" + id + "/g", ""))
                        .as("%s", this)
                        .isTrue();
            }
            endConnections();
        }

        /** Those to the replicas by giving these another identity. */
        private void endConnections() {
            proxy.serving(proxy.replica(0).address(), proxy.replica(1).address());
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
                assertThat(FaultySockets.open()).as("%s", this).isZero();
                assertThat(proxy.inFlight()).as("%s", this).isZero();
                assertThat(proxy.listener.open()).as("%s", this).isZero();
            });
        }

        /** Whether the answer was the replica's. */
        private boolean ask(RawClient client, String method, String path, String body) throws IOException {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            RawClient.Response response = client.response();
            if (response.status() == 200) {
                assertThat(response.text()).as("%s", this).isEqualTo(answer(path));
                return true;
            }
            assertThat(response.status()).as("%s", this).isEqualTo(502);
            assertThat(method).as("what could have been sent again, %s", this).isNotEqualTo("GET");
            return false;
        }

        @Override
        public String toString() {
            return id + " failed: " + FaultySockets.end();
        }
    }
}
