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
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransportsTest {
    private static final int RESETS = 200;

    /** As in the balancer: what it sets must come before the first use of io_uring. */
    @BeforeAll
    static void load() {
        assertThat(Transports.of(Transport.NIO).name()).isEqualTo("nio");
    }

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
                assertThat(heard.await(5, TimeUnit.SECONDS)).as("reset " + i).isTrue();
                channel.close().sync();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static void answerAndReset(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(new byte[5]);
                socket.setSoLinger(true, 0);
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
