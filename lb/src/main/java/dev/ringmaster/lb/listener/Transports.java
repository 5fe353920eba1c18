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
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** The event interface in use, with the channel types that go with it. */
public record Transports(
        String name,
        IoHandlerFactory ioHandler,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client) {
    private static final String LASTING_POLL = "io.netty.iouring.pollAddMultishotEnabled";

    // On io_uring Netty 4.2.18 misses a reset that comes while it reads what came before: the kernel says that no data
    // is
    // left, and a lasting poll does not tell again. One that is made anew for each read does. Here, because Netty reads
    // the
    // switch once, with the first use of io_uring.
    static {
        if (System.getProperty(LASTING_POLL) == null) {
            System.setProperty(LASTING_POLL, "false");
        }
    }

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
                        IoUringIoHandler.newFactory(),
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
