package dev.ringmaster.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A listening hello server on one event loop thread of its own. Safe to use from any thread but that one.
 *
 * <pre>
 *   HttpRequestDecoder ──> FlowControlHandler ──> HelloHandler
 *   HttpResponseEncoder <─────────────────────────────┘
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes and closes through the channel
public final class HelloServer implements AutoCloseable {
    /** How long a stopping server goes on accepting, so that whoever still sends to it notices the close in time. */
    private static final Duration ACCEPT_WHILE_STOPPING = Duration.ofMillis(200);

    private static final int MAX_REQUEST_LINE = 16 << 10;
    private static final int MAX_HEADERS = 64 << 10;
    private static final int BACKLOG = 1024;

    private final EventLoopGroup loop;
    private final Channel listener;
    private final Connections connections;
    /** Succeeds when a drain has left nothing in flight; cancelled when the server is closed before that. */
    private final Promise<Void> drained;

    private HelloServer(EventLoopGroup loop, Channel listener, Connections connections) {
        this.loop = loop;
        this.listener = listener;
        this.connections = connections;
        this.drained = loop.next().newPromise();
    }

    /**
     * Binds and starts to accept.
     *
     * @throws IOException if the address is unknown or cannot be bound
     */
    public static HelloServer start(ServerOptions options) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(options.bind()), options.port());
        Connections connections = new Connections();
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channelFactory(new Listeners())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 2048, 16 << 10))
                .childHandler(new Pipeline(new Answers(options.id()), connections, options.delay()))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return new HelloServer(loop, bound.channel(), connections);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /**
     * Goes on accepting for 200 ms, or not at all if that is more than half of {@code limit}, while every answer ends
     * its connection; then closes the listener and waits until no request is in flight. Returns after {@code limit} in
     * any case, and may be called again.
     *
     * @return whether nothing was left in flight; false if the server was closed before that
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return drain(ACCEPT_WHILE_STOPPING, limit);
    }

    boolean drain(Duration accepting, Duration limit) throws InterruptedException {
        boolean hasTime = accepting.multipliedBy(2).compareTo(limit) <= 0;
        try {
            loop.execute(connections::startDraining);
            loop.schedule(this::finish, hasTime ? accepting.toMillis() : 0, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return drained.isSuccess();
        }
        drained.await(limit.toMillis());
        return drained.isSuccess();
    }

    private void finish() {
        listener.close();
        connections.finish(() -> drained.trySuccess(null));
    }

    /** Closes the listener and every connection at once, and ends the event loop's thread. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        drained.cancel(false);
    }

    /** Spelled out instead of a class literal, which Netty would instantiate by reflection: that slows the start. */
    private static final class Listeners implements ChannelFactory<ServerChannel> {
        @Override
        public ServerChannel newChannel() {
            return new NioServerSocketChannel();
        }
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private final Answers answers;
        private final Connections connections;
        private final Duration delay;

        Pipeline(Answers answers, Connections connections, Duration delay) {
            this.answers = answers;
            this.connections = connections;
            this.delay = delay;
        }

        @Override
        protected void initChannel(Channel channel) {
            HttpDecoderConfig limits = new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE)
                    .setMaxHeaderSize(MAX_HEADERS);
            channel.pipeline()
                    .addLast("decoder", new HttpRequestDecoder(limits))
                    .addLast("encoder", new HttpResponseEncoder())
                    .addLast("flow", new FlowControlHandler())
                    .addLast("hello", new HelloHandler(answers, connections, delay));
        }
    }
}
