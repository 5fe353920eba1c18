package dev.ringmaster.lb.handover;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The old balancer's side of a hand-over: a socket in the state directory where the next one may ask for it. */
public final class Offer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Offer.class);

    private final Owner owner;
    /** Of one asker at a time. */
    private final Semaphore turn = new Semaphore(1);

    private volatile boolean withdrawn;
    private final Channel channel;

    /** What is handed over; called on a thread that may block. */
    public interface Owner {
        /** The listening sockets in the order that both sides know; they stay open. */
        List<Integer> listeners();

        /**
         * Brings what is under way to an end and gives up the pool, but serves on.
         *
         * @return what its provider tells the next owner
         * @throws HandoverException if that cannot be now; nothing has changed then
         */
        List<String> release() throws HandoverException, InterruptedException;

        /** Takes the pool back, because the next owner has failed. */
        void reclaim();

        /** Accepts no more when it returns. */
        void leave();

        /** Begins to drain, and ends then: the next one knows. */
        void end();
    }

    private Offer(EventLoopGroup group, Path socket, Owner owner) throws IOException {
        this.owner = owner;
        var binding = new ServerBootstrap()
                .group(group)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel asking) {
                        Wire wire = new Wire(asking);
                        asking.pipeline().addLast("handover", wire);
                        Thread.ofVirtual().name("lb-handover").start(() -> answer(wire));
                    }
                })
                .bind(new DomainSocketAddress(socket.toFile()))
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + socket + ": " + binding.cause().getMessage(), binding.cause());
        }
        channel = binding.channel();
        // Belt and braces: nobody but the owner could write to it, and so connect, before.
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }

    /**
     * Offers a hand-over at {@code socket}, whose directory exists.
     *
     * @param group event loops on epoll
     * @throws IOException with one clear line if that cannot be, among others because another balancer offers one there
     */
    public static Offer make(EventLoopGroup group, Path socket, Owner owner) throws IOException {
        if (answers(socket)) {
            throw new IOException("another balancer offers one at " + socket);
        }
        Files.deleteIfExists(socket);
        return new Offer(group, socket, owner);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    private void answer(Wire wire) {
        boolean first = !withdrawn && turn.tryAcquire();
        try (wire) {
            talk(wire, first);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (first) {
                turn.release();
            }
        }
    }

    private void talk(Wire wire, boolean first) throws InterruptedException {
        try {
            wire.requireSameUser();
            wire.expect(Protocol.HELLO, Protocol.PROMPT);
            if (!first) {
                throw new HandoverException(withdrawn ? "it is stopping" : "another hand-over is under way");
            }
            handOver(wire);
        } catch (Wire.EndedException looked) {
            LOG.debug("handover asked=false");
        } catch (HandoverException refused) {
            LOG.warn("handover=refused reason=\"{}\"", refused.getMessage());
            wire.send(Protocol.NO + refused.getMessage());
        }
    }

    private void handOver(Wire wire) throws HandoverException, Wire.EndedException, InterruptedException {
        LOG.info("handover=begun");
        wire.send(Protocol.READY);
        wire.expect(Protocol.LISTENERS, Protocol.PATIENT);
        owner.listeners().forEach(wire::sendDescriptor);
        wire.expect(Protocol.RELEASE, Protocol.PATIENT);
        List<String> pool = owner.release();
        boolean left = false;
        try {
            wire.send(Protocol.RELEASED + pool.size());
            pool.forEach(wire::send);
            wire.expect(Protocol.SERVING, Protocol.PATIENT);
            left = true;
        } catch (Wire.EndedException hungUp) {
            throw new HandoverException("the next balancer ended before it served");
        } finally {
            if (!left) {
                owner.reclaim();
            }
        }
        // Before the answer: the next one offers its own there.
        close();
        owner.leave();
        wire.send(Protocol.LEAVING);
        LOG.info("handover=done");
        owner.end();
    }

    /**
     * Lets no hand-over begin from now on, and waits for one that is under way.
     *
     * @return whether none is under way any more
     */
    public boolean withdraw(Duration most) throws InterruptedException {
        withdrawn = true;
        return turn.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Offers no more. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
