package dev.ringmaster.lb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.base.VerifyException;
import dev.ringmaster.lb.cli.ScriptedServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadClientTest {
    private static LoadOptions options(ScriptedServer server, int requests) {
        URI url = URI.create(server.url() + "/home?a=b%20c");
        InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort());
        return new LoadOptions(url, address, requests, 2, 0, Duration.ofMinutes(1), false);
    }

    @Test
    void stop_inTheMiddle_reportsWhatThereIs() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(i -> i < 10 ? ScriptedServer.greet("S1") : ScriptedServer.hang());
                LoadClient client = LoadClient.start(options(server, 1000))) {
            await().until(() -> client.outcomes() == 10);
            client.stop();

            assertThat(client.await(Duration.ofMinutes(1))).isTrue();
            assertThat(client.report().interrupted()).isTrue();
            assertThat(client.report().ok()).isEqualTo(10);
            assertThat(client.report().failed()).isZero();
        }
    }

    @Test
    void report_beforeTheEnd_isRefused() throws Exception {
        try (ScriptedServer server = new ScriptedServer(_ -> ScriptedServer.hang());
                LoadClient client = LoadClient.start(options(server, 1))) {
            assertThat(client.await(Duration.ofMillis(1))).isFalse();
            assertThatThrownBy(client::report).isInstanceOf(VerifyException.class);
        }
    }

    @Test
    void request_pathAndQuery_areSentAsGiven() throws Exception {
        try (ScriptedServer server = new ScriptedServer(_ -> ScriptedServer.greet("S1"));
                LoadClient client = LoadClient.start(options(server, 1))) {
            assertThat(client.await(Duration.ofMinutes(1))).isTrue();
            assertThat(server.requests().getFirst()).startsWith("GET /home?a=b%20c HTTP/1.1\r\nHost: localhost:");
        }
    }
}
