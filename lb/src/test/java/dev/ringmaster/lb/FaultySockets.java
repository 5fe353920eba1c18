package dev.ringmaster.lb;

import dev.ringmaster.lb.listener.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Real sockets of which one call fails: the n-th of its kind since {@link #begin}. One listener, one loop at a time. */
public final class FaultySockets {
    private static final Set<Channel> OPEN = ConcurrentHashMap.newKeySet();
    private static String kind = "";
    private static int nth;
    private static boolean late;
    private static int calls;
    private static boolean failed;

    private FaultySockets() {}

    static Transports transports() {
        return new Transports("faulty", NioIoHandler.newFactory(), Server.class, Socket.class);
    }

    /**
     * Counts from here.
     *
     * @param kind accept, socket, connect or finishConnect, and of either side, as in "client read", read, write or close
     * @param nth which call of that kind fails
     * @param late whether it does what was asked for first
     */
    static synchronized void begin(String kind, int nth, boolean late) {
        FaultySockets.kind = kind;
        FaultySockets.nth = nth;
        FaultySockets.late = late;
        calls = 0;
        failed = false;
    }

    /** Nothing fails from here on; whether a call did since {@link #begin}, or there were not that many. */
    static synchronized boolean end() {
        nth = 0;
        return failed;
    }

    /** Connections that are not closed. */
    static long open() {
        return OPEN.size();
    }

    /** A call to the system. */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws Exception;
    }

    private static synchronized boolean fails(String call) {
        boolean now = call.equals(kind) && ++calls == nth;
        failed |= now;
        return now;
    }

    private static <T> T call(String name, Call<T> call) throws Exception {
        if (!fails(name)) {
            return call.make();
        }
        if (late) {
            call.make();
        }
        throw new IOException("injected into " + name);
    }

    /** A listening socket. */
    public static final class Server extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            SocketChannel client = javaChannel().accept();
            if (client == null) {
                return 0;
            }
            if (fails("accept")) {
                client.close();
                throw new IOException("injected into accept");
            }
            accepted.add(new Socket(this, client));
            return 1;
        }
    }

    /** A client's connection, or one to a replica. */
    public static final class Socket extends NioSocketChannel {
        /** For Netty. */
        public Socket() {
            super(provider());
            note();
        }

        /** Fails as it does when the process has run out of descriptors. */
        private static SelectorProvider provider() {
            if (fails("socket")) {
                throw new IllegalStateException("injected into socket");
            }
            return SelectorProvider.provider();
        }

        Socket(Channel parent, SocketChannel socket) {
            super(parent, socket);
            note();
        }

        private String side() {
            return parent() == null ? "replica " : "client ";
        }

        private void note() {
            OPEN.add(this);
            closeFuture().addListener(_ -> OPEN.remove(this));
        }

        @Override
        protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) throws Exception {
            return call("connect", () -> super.doConnect(remote, local));
        }

        @Override
        protected void doFinishConnect() throws Exception {
            call("finishConnect", () -> {
                super.doFinishConnect();
                return 0;
            });
        }

        @Override
        protected int doReadBytes(ByteBuf to) throws Exception {
            return call(side() + "read", () -> super.doReadBytes(to));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer from) throws Exception {
            call(side() + "write", () -> {
                super.doWrite(from);
                return 0;
            });
        }

        @Override
        protected void doClose() throws Exception {
            super.doClose();
            if (fails(side() + "close")) {
                throw new IOException("injected into close");
            }
        }
    }
}
