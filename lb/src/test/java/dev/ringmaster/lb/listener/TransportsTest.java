package dev.ringmaster.lb.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.listener.ListenerOptions.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransportsTest {
    private static boolean available(Transport wanted) {
        return switch (wanted) {
            case AUTO, NIO -> true;
            case EPOLL -> Epoll.isAvailable();
            case IO_URING -> IoUring.isAvailable();
        };
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void transport_thatIsAskedFor_worksOrSaysWhyNot(Transport wanted) throws IOException {
        if (available(wanted)) {
            assertThat(Transports.of(wanted).name()).isIn("epoll", "nio", "io_uring");
            listenAndClose(Transports.of(wanted));
        } else {
            assertThatThrownBy(() -> Transports.of(wanted)).hasMessageContaining("does not work here: ");
        }
    }

    private static void listenAndClose(Transports transport) throws IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        try {
            Listener.Edge edge = new Listener.Edge(
                    (_, _, _) -> {
                        throw new IllegalStateException("no request expected");
                    },
                    FrontendTimeouts.STANDARD);
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Listener listener = Listener.bind(any, group, transport, Map.of(), edge);
            assertThat(listener.port()).isPositive();
            assertThat(listener.open()).isZero();
            listener.stopAccepting();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void auto_takesEpollWhereItWorks() {
        assertThat(Transports.of(Transport.AUTO).name()).isEqualTo(Epoll.isAvailable() ? "epoll" : "nio");
    }

    @Test
    void address_thatCannotBeUsed_isAnErrorThatNamesIt() throws IOException {
        Transports transport = Transports.of(Transport.AUTO);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        Listener.Edge edge = new Listener.Edge(
                (_, _, _) -> {
                    throw new IllegalStateException("no request expected");
                },
                FrontendTimeouts.STANDARD);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());
            assertThatThrownBy(() -> Listener.bind(address, group, transport, Map.of(), edge))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(":" + taken.getLocalPort());
            assertThatThrownBy(() -> Listener.bind(
                            InetSocketAddress.createUnresolved("nowhere.invalid", 1), group, transport, Map.of(), edge))
                    .hasMessage("cannot listen on nowhere.invalid: unknown host");
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
