package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plain way of a request through the data plane. */
class ProxyTest {
    private DataPlaneFixture proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = new DataPlaneFixture();
    }

    @AfterEach
    void stop() {
        assertThat(proxy.inFlight()).isZero();
        proxy.close();
    }

    @Test
    void request_oneReplica_isAnswered() throws IOException {
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin.address()).client()) {
            RawClient.Response response = client.get("/home?x=1").response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello");
            assertThat(origin.heads().getFirst())
                    .startsWith("GET /home?x=1 HTTP/1.1\r\n")
                    .contains("Host: test\r\n");
        }
    }
}
