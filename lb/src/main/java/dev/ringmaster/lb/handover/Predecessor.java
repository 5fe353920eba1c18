package dev.ringmaster.lb.handover;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The new balancer's side of a hand-over: the one that serves now, and what it gives. Blocks; for one thread. */
public final class Predecessor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);

    private final Wire wire;
    private final List<FileDescriptor> listeners;
    private boolean gone;

    private Predecessor(Wire wire, List<FileDescriptor> listeners) {
        this.wire = wire;
        this.listeners = listeners;
    }

    /**
     * Meets the balancer that offers a hand-over at {@code socket} and takes its listening sockets, on which it serves on.
     *
     * @param group event loops on epoll
     * @return empty if nobody offers one
     * @throws HandoverException if it refuses, or does not understand
     */
    public static Optional<Predecessor> meet(EventLoopGroup group, Path socket, int count)
            throws HandoverException, InterruptedException {
        Optional<Wire> wire = connect(group, socket);
        if (wire.isEmpty()) {
            return Optional.empty();
        }
        boolean met = false;
        try {
            wire.get().requireSameUser();
            wire.get().send(Protocol.HELLO);
            wire.get().expect(Protocol.READY, Protocol.PROMPT);
            List<FileDescriptor> listeners = wire.get().descriptors(Protocol.LISTENERS, count, Protocol.PROMPT);
            met = true;
            return Optional.of(new Predecessor(wire.get(), listeners));
        } catch (Wire.EndedException died) {
            LOG.warn("handover=void reason=\"the balancer that offered it has ended\"");
            return Optional.empty();
        } finally {
            if (!met) {
                wire.get().close();
            }
        }
    }

    private static Optional<Wire> connect(EventLoopGroup group, Path socket) throws HandoverException {
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        var connecting = new Bootstrap()
                .group(group)
                .channel(EpollDomainSocketChannel.class)
                .handler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel channel) {
                        channel.pipeline().addLast("handover", new Wire(channel));
                    }
                })
                .connect(new DomainSocketAddress(socket.toFile()))
                .awaitUninterruptibly();
        if (connecting.isSuccess()) {
            return Optional.of(connecting.channel().pipeline().get(Wire.class));
        }
        if (connecting.cause() instanceof ConnectException || connecting.cause() instanceof FileNotFoundException) {
            return Optional.empty();
        }
        throw new HandoverException(
                "cannot connect to " + socket + ": " + connecting.cause().getMessage());
    }

    /** A listening socket, which is the caller's from then on. */
    public int listener(int index) {
        return listeners.get(index).intValue();
    }

    /**
     * Has it give up the pool, while it serves on.
     *
     * @return what its provider tells; nothing if it has died
     */
    public List<String> release() throws HandoverException, InterruptedException {
        List<String> pool = new ArrayList<>();
        try {
            wire.send(Protocol.RELEASE);
            String released = wire.line(Protocol.PATIENT);
            if (!released.startsWith(Protocol.RELEASED)) {
                throw new HandoverException("the other balancer said '" + released + "'");
            }
            int count = Integer.parseInt(released.substring(Protocol.RELEASED.length()));
            while (pool.size() < count) {
                pool.add(wire.line(Protocol.PROMPT));
            }
            return pool;
        } catch (Wire.EndedException died) {
            die();
            return List.of();
        }
    }

    private void die() {
        gone = true;
        LOG.warn("handover=void reason=\"the balancer that offered it has ended\": going on as after its death");
    }

    /** Whether it has died before all was handed over. */
    public boolean gone() {
        return gone;
    }

    /** Says that this balancer is ready to serve alone; when it returns, the other one accepts no more. */
    public void serve() throws HandoverException, InterruptedException {
        if (gone) {
            return;
        }
        try {
            wire.send(Protocol.SERVING);
            wire.expect(Protocol.LEAVING, Protocol.PATIENT);
        } catch (Wire.EndedException died) {
            die();
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
