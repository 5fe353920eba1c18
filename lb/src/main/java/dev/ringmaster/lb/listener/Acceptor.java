package dev.ringmaster.lb.listener;

import com.google.common.net.InetAddresses;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up each client that a listening channel has accepted and hands it to the next event loop. Netty's bootstrap does
 * that with options that are looked up and an initializer that is added and removed for each connection, which is much of
 * what a short connection costs. The listening channel's event loop only.
 *
 * <pre>
 * listening socket                     a client's socket
 *   └─ acceptor   this                   └─ frontend   {@link FrontendConnection}: reads requests, hands each on
 * </pre>
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    /** For who went away before his address was known: one that nobody trusts. */
    private static final InetAddress NOBODY = InetAddresses.forString("0.0.0.0");

    private static final long PAUSE_SECONDS = 1;
    private static final ReceiveSizes RECEIVE_SIZES = new ReceiveSizes();

    private final EventLoopGroup group;
    private final Map<EventLoop, FrontendLoop> loops;

    Acceptor(EventLoopGroup group, Map<EventLoop, FrontendLoop> loops) {
        this.group = group;
        this.loops = loops;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel client = (Channel) message;
        EventLoop loop = group.next();
        FrontendLoop frontend = loops.get(loop);
        if (frontend == null) {
            client.unsafe().closeForcibly();
            return;
        }
        // TCP_NODELAY is what Netty's channels begin with.
        SocketChannelConfig config = (SocketChannelConfig) client.config();
        config.setAllowHalfClosure(true).setAllocator(frontend.buffers()).setRecvByteBufAllocator(RECEIVE_SIZES);
        client.pipeline().addLast("frontend", new FrontendConnection(client, peer(client), frontend));
        loop.register(client).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private static InetAddress peer(Channel client) {
        return client.remoteAddress() instanceof InetSocketAddress address ? address.getAddress() : NOBODY;
    }

    /** Accepting failed, as it does where no more files may be opened: it would fail again at once. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn("accept failed pause={}s: {}", PAUSE_SECONDS, cause.toString());
        ChannelConfig config = ctx.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            ctx.channel().eventLoop().schedule(() -> config.setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
