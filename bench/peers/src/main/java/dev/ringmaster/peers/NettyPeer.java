package dev.ringmaster.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;

/** What Netty's own codecs cost: a pair of handlers, both connections of a request on one event loop, no features. */
public final class NettyPeer {
    private NettyPeer() {}

    /** Takes {@link Place}'s arguments. */
    public static void main(String[] arguments) throws InterruptedException {
        Place place = Place.of(arguments);
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(place.workers(), EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        client.pipeline().addLast("codec", new HttpServerCodec());
                        client.pipeline().addLast("client", new NettyClientSide(place));
                    }
                })
                .bind(Place.HOST, place.port())
                .sync();
    }
}
