package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.DataPlaneFixture.Settings;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who a request comes from, and which replica its key leads to. */
final class ForwardingTest extends DataPlaneTest {
    private static final String FORWARDED =
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 198.51.100.7, "
                    + DataPlaneFixture.TRUSTED + "\r\nX-Request-Id: given\r\n\r\n";

    @Test
    void trustedPeer_speaksForTheNearestHopThatNobodyTrusts() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = new RawClient(
                        proxy.serving(origin).port(), InetAddresses.forString(DataPlaneFixture.TRUSTED))) {
            client.send(FORWARDED).response();
            assertThat(origin.heads().getFirst())
                    .contains("X-Forwarded-For: 6.6.6.6, 198.51.100.7, 127.0.0.2, 127.0.0.2\r\n")
                    .contains("X-Request-Id: given\r\n");
        }
        assertThat(proxy.closeAndReadLog()).startsWith("198.51.100.7 - - [");
    }

    @Test
    void trustedPeer_withNonsense_speaksForItself() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = new RawClient(
                        proxy.serving(origin).port(), InetAddresses.forString(DataPlaneFixture.TRUSTED))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, unknown\r\n\r\n")
                    .response();
        }
        assertThat(proxy.closeAndReadLog()).startsWith("127.0.0.2 - - [");
    }

    @Test
    void anyOtherPeer_speaksForItself() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.send(FORWARDED).response();
            assertThat(origin.heads().getFirst())
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .doesNotContain("6.6.6.6", "given");
        }
        assertThat(proxy.closeAndReadLog()).startsWith("127.0.0.1 - - [");
    }

    @Test
    void key_leadsToOneReplicaOnEveryConnection() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.key("header:X-User", "cookie:sid", "query:q", "client-ip"));
        try (ScriptedOrigin first = ScriptedOrigin.answering("1");
                ScriptedOrigin second = ScriptedOrigin.answering("2");
                ScriptedOrigin third = ScriptedOrigin.answering("3")) {
            proxy.serving(first, second, third);
            Set<String> everyone = new HashSet<>();
            for (int user = 0; user < 20; user++) {
                Set<String> replicas = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    replicas.add(ask(proxy, "/a" + i, "X-User: " + user + "\r\nConnection: X-User"));
                    replicas.add(ask(proxy, "/b" + i, "Cookie: a=b; sid=" + user));
                    replicas.add(ask(proxy, "/c" + i + "?x=y&q=" + user, "X: y"));
                }
                assertThat(replicas).hasSize(1);
                everyone.addAll(replicas);
            }
            assertThat(everyone).containsExactlyInAnyOrder("1", "2", "3");
            assertThat(ask(proxy, "/x", "A: b")).isEqualTo(ask(proxy, "/y", "A: c"));
            assertThat(first.heads().getFirst()).contains("X-User: ");
        }
    }

    private static String ask(DataPlaneFixture proxy, String target, String field) throws IOException {
        try (RawClient client = proxy.client()) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n")
                    .response()
                    .text();
        }
    }
}
