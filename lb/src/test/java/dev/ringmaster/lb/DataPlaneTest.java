package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.listener.Transports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A test of the data plane over real sockets; afterwards nothing may be in flight. */
abstract class DataPlaneTest {
    static final String HEAD_END = " HTTP/1.1\r\nHost: test\r\n\r\n";

    private final List<DataPlaneFixture> proxies = new ArrayList<>();

    DataPlaneFixture start(DataPlaneFixture.Settings settings) throws IOException {
        return start(settings, DataPlaneFixture.LONG);
    }

    DataPlaneFixture start(DataPlaneFixture.Settings settings, Duration connectTimeout) throws IOException {
        return start(new DataPlaneFixture(settings, Transports.of(ListenerOptions.Transport.AUTO), connectTimeout));
    }

    DataPlaneFixture start(DataPlaneFixture.Settings settings, Transports transports) throws IOException {
        return start(new DataPlaneFixture(settings, transports, DataPlaneFixture.LONG));
    }

    private DataPlaneFixture start(DataPlaneFixture started) {
        proxies.add(started);
        return started;
    }

    DataPlaneFixture start() throws IOException {
        return start(DataPlaneFixture.Settings.DEFAULT);
    }

    @AfterEach
    void nothingIsLeft() {
        for (DataPlaneFixture started : proxies) {
            try (started) {
                await().untilAsserted(() -> assertThat(started.inFlight()).isZero());
            }
        }
    }

    /** An address that refuses connections. */
    static InetSocketAddress refusing() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), closed.getLocalPort());
        }
    }
}
