package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.listener.ListenerOptions.Transport;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** The event interface in use, with the channel types that go with it. */
public record Transports(
        String name,
        IoHandlerFactory ioHandler,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client) {
    /**
     * The interface that was asked for.
     *
     * @throws IllegalArgumentException if it does not work on this machine, with the reason
     */
    public static Transports of(Transport wanted) {
        return switch (wanted) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case IO_URING -> {
                require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
                yield new Transports(
                        "io_uring",
                        AttentiveUring.newFactory(),
                        IoUringServerSocketChannel.class,
                        IoUringSocketChannel.class);
            }
            case EPOLL -> {
                require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
                yield epoll();
            }
            case NIO -> nio();
        };
    }

    /** Whether it can listen on a socket that another process has opened: io_uring's channels in Netty 4.2 cannot. */
    public boolean adopts() {
        return server == EpollServerSocketChannel.class;
    }

    private static Transports epoll() {
        return new Transports(
                "epoll", LastingEpoll.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static Transports nio() {
        return new Transports("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static void require(boolean available, String name, Throwable cause) {
        if (!available) {
            throw new IllegalArgumentException("transport " + name + " does not work here: " + cause.getMessage());
        }
    }
}
