package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A test of the data plane over real sockets; afterwards nothing may be in flight. */
abstract class DataPlaneTest {
    static final String HEAD_END = " HTTP/1.1\r\nHost: test\r\n\r\n";

    private @Nullable DataPlaneFixture proxy;

    DataPlaneFixture start(DataPlaneFixture.Settings settings) throws IOException {
        DataPlaneFixture started = new DataPlaneFixture(settings);
        proxy = started;
        return started;
    }

    DataPlaneFixture start() throws IOException {
        return start(DataPlaneFixture.Settings.DEFAULT);
    }

    @AfterEach
    void nothingIsLeft() {
        DataPlaneFixture started = proxy;
        if (started != null) {
            await().untilAsserted(() -> assertThat(started.inFlight()).isZero());
            started.close();
        }
    }

    /** An address that refuses connections. */
    static InetSocketAddress refusing() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), closed.getLocalPort());
        }
    }
}
