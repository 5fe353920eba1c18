package dev.ringmaster.peers;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A client's connection: passes a request on as it comes, over an upstream connection of the same event loop. */
final class NettyClientSide extends ChannelInboundHandlerAdapter {
    private static final FastThreadLocal<Deque<Channel>> IDLE = new FastThreadLocal<>() {
        @Override
        protected Deque<Channel> initialValue() {
            return new ArrayDeque<>();
        }
    };
    private static final FastThreadLocal<int[]> TURN = new FastThreadLocal<>() {
        @Override
        protected int[] initialValue() {
            return new int[1];
        }
    };

    private final Place place;
    /** What has come before there is an upstream connection. */
    private final Deque<Object> early = new ArrayDeque<>();

    private @Nullable Channel upstream;

    NettyClientSide(Place place) {
        this.place = place;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        if (part instanceof HttpRequest request) {
            InetSocketAddress peer = (InetSocketAddress) context.channel().remoteAddress();
            request.headers().set("X-Forwarded-For", peer.getAddress().getHostAddress());
            attach(context.channel());
        }
        if (upstream == null) {
            early.add(part);
        } else {
            var _ = upstream.write(part, upstream.voidPromise());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (upstream != null) {
            upstream.flush();
        }
    }

    private void attach(Channel client) {
        Channel idle = IDLE.get().pollLast();
        while (idle != null && !idle.isActive()) {
            idle = IDLE.get().pollLast();
        }
        if (idle == null) {
            dial(client);
        } else {
            idle.pipeline().get(NettyOriginSide.class).serve(client);
            upstream = idle;
        }
    }

    private void dial(Channel client) {
        int[] turn = TURN.get();
        turn[0] = (turn[0] + 1) % place.origins().size();
        NettyOriginSide origin = new NettyOriginSide();
        origin.serve(client);
        var _ = new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast("codec", new HttpClientCodec());
                        channel.pipeline().addLast("origin", origin);
                    }
                })
                .connect(Place.HOST, place.origins().get(turn[0]))
                .addListener((ChannelFuture dialled) -> dialled(dialled, client));
    }

    private void dialled(ChannelFuture dialled, Channel client) {
        if (!dialled.isSuccess() || !client.isActive()) {
            var _ = dialled.channel().close();
            var _ = client.close();
            return;
        }
        Channel channel = dialled.channel();
        upstream = channel;
        early.forEach(part -> channel.write(part, channel.voidPromise()));
        early.clear();
        channel.flush();
    }

    /** The answer is complete; the upstream connection may serve another. */
    void answered(boolean reusable) {
        if (upstream != null && reusable) {
            IDLE.get().addLast(upstream);
        }
        upstream = null;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (upstream != null) {
            var _ = upstream.config().setAutoRead(context.channel().isWritable());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        if (upstream != null) {
            var _ = upstream.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        var _ = context.close();
    }
}
