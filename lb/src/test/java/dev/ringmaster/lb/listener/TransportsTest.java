package dev.ringmaster.lb.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.listener.ListenerOptions.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.uring.IoUring;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransportsTest {
    private static final int RESETS = 400;

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
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Listener listener = Listener.bind(any, group, transport, Map.of(), NO_REQUESTS);
            assertThat(listener.port()).isPositive();
            assertThat(listener.open()).isZero();
            listener.stopAccepting();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static final Listener.Edge NO_REQUESTS = new Listener.Edge(
            (_, _, _) -> {
                throw new IllegalStateException("no request expected");
            },
            FrontendTimeouts.STANDARD);

    @Test
    void adoptedSocket_queuesClientsUntilItIsToldToAccept() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, Transports.of(Transport.EPOLL).ioHandler());
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        io.netty.channel.unix.Socket listening = io.netty.channel.unix.Socket.newSocketStream();
        listening.bind(any);
        listening.listen(10);
        try {
            Listener adopted = Listener.adopt(listening.intValue(), group, Map.of(), NO_REQUESTS);
            InetAddress here = any.getAddress();
            int port = adopted.port();
            assertThat(adopted.descriptor()).isEqualTo(listening.intValue());
            assertThat(adopted.serves(any)).isTrue();
            assertThat(adopted.serves(new InetSocketAddress(here, port))).isTrue();
            assertThat(adopted.serves(new InetSocketAddress(here, port + 1))).isFalse();
            assertThat(adopted.serves(new InetSocketAddress(port))).isFalse();
            try (Socket queued = new Socket(here, port)) {
                queued.setSoTimeout(100);
                assertThatThrownBy(() -> queued.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                assertThat(adopted.waiting()).isEqualTo(1);
                adopted.lastCall();
                try (Socket late = new Socket()) {
                    assertThatThrownBy(() -> late.connect(new InetSocketAddress(here, port), 300))
                            .as("whoever comes after the last call")
                            .isInstanceOf(SocketTimeoutException.class);
                }
                adopted.accept();
                queued.setSoTimeout(60_000);
                assertThat(queued.getInputStream().read())
                        .as("closed, as nobody serves here")
                        .isEqualTo(-1);
                assertThat(adopted.waiting()).isZero();
            }
            adopted.stopAccepting();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void resetOfPeer_rightAfterData_isHeard(Transport wanted) throws Exception {
        Transports transport = Transports.of(available(wanted) ? wanted : Transport.AUTO);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerAndReset(server));
            for (int i = 0; i < RESETS; i++) {
                CountDownLatch heard = new CountDownLatch(1);
                Bootstrap bootstrap = new Bootstrap()
                        .group(group)
                        .channel(transport.client())
                        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .handler(new Asking(heard));
                Channel channel =
                        bootstrap.connect(server.getLocalSocketAddress()).sync().channel();
                assertThat(heard.await(1, TimeUnit.MINUTES)).as("reset " + i).isTrue();
                channel.close().sync();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** In one to four pieces, and with the reset 0 to 49 µs behind the last of them. */
    private static void answerAndReset(ServerSocket server) {
        for (int turn = 0; !server.isClosed(); turn++) {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                socket.getInputStream().read();
                for (int piece = 0; piece <= turn % 4; piece++) {
                    socket.getOutputStream().write(new byte[200]);
                }
                socket.setSoLinger(true, 0);
                long until = System.nanoTime() + turn % 50 * 1000L;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            } catch (IOException gone) {
                // The test is over, or the client was faster.
            }
        }
    }

    /** Asks as soon as it is connected and listens for the end, however it is told. */
    private static final class Asking extends ChannelInboundHandlerAdapter {
        private final CountDownLatch ended;

        Asking(CountDownLatch ended) {
            this.ended = ended;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('?'));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended.countDown();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.countDown();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ended.countDown();
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
