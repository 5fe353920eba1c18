package dev.ringmaster.lb.handover;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One end of the connection between two balancers: lines of text both ways, descriptors one way. Sending and receiving
 * block, and are for one thread that is no event loop.
 */
final class Wire extends ChannelInboundHandlerAdapter implements AutoCloseable {
    private static final int MOST_WAITING = 4096;
    private static final int LONGEST_LINE = 4096;
    private static final Path SELF = Path.of("/proc/self");

    private final EpollDomainSocketChannel channel;
    private final BlockingQueue<Object> received = new ArrayBlockingQueue<>(MOST_WAITING);
    private final StringBuilder line = new StringBuilder();
    private volatile boolean ended;

    Wire(EpollDomainSocketChannel channel) {
        this.channel = channel;
    }

    /** The other end closed, or its process ended, without a word. */
    static final class EndedException extends Exception {
        private static final long serialVersionUID = 1;

        EndedException() {
            super("the other balancer hung up");
        }
    }

    /** What stands in the queue behind the last that was received. */
    private enum End {
        END
    }

    // ---- event loop ---------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            String text = bytes.toString(StandardCharsets.UTF_8);
            bytes.release();
            text.chars().forEach(c -> take((char) c));
        } else {
            put(message);
        }
    }

    private void take(char c) {
        if (c == '\n') {
            put(line.toString());
            line.setLength(0);
        } else if (line.length() < LONGEST_LINE) {
            line.append(c);
        }
    }

    private void put(Object message) {
        if (!received.offer(message)) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        put(End.END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        channel.close();
    }

    // ---- the thread that talks ----------------------------------------------------------------------------------

    /** Refuses whoever is another user than this process, although the socket's mode should have kept it out. */
    void requireSameUser() throws HandoverException {
        try {
            int self = (int) Files.getAttribute(SELF, "unix:uid");
            int peer = channel.peerCredentials().uid();
            if (peer != self) {
                throw new HandoverException("the other balancer runs as user " + peer + ", this one as " + self);
            }
        } catch (IOException unknown) {
            throw new HandoverException("the other balancer's user is not known: " + unknown.getMessage());
        }
    }

    /** Returns once it is on its way, whatever becomes of this process then. */
    void send(String text) {
        channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), text + "\n"))
                .awaitUninterruptibly();
    }

    void sendDescriptor(int descriptor) {
        channel.writeAndFlush(new FileDescriptor(descriptor)).awaitUninterruptibly();
    }

    /** Asks for {@code count} descriptors, which then belong to the caller. */
    List<FileDescriptor> descriptors(String question, int count, Duration limit)
            throws HandoverException, EndedException, InterruptedException {
        channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
        send(question);
        List<FileDescriptor> descriptors = new ArrayList<>();
        while (descriptors.size() < count) {
            if (!(next(limit) instanceof FileDescriptor descriptor)) {
                throw new HandoverException("the other balancer sent something else than descriptors");
            }
            descriptors.add(descriptor);
        }
        channel.config().setReadMode(DomainSocketReadMode.BYTES);
        return descriptors;
    }

    /** The next line; a refusal is an exception with its reason. */
    String line(Duration limit) throws HandoverException, EndedException, InterruptedException {
        if (!(next(limit) instanceof String text)) {
            throw new HandoverException("the other balancer sent a descriptor unasked");
        }
        if (text.startsWith(Protocol.NO)) {
            throw new HandoverException(text.substring(Protocol.NO.length()));
        }
        return text;
    }

    /** Takes the next line, which has to be this one. */
    void expect(String wanted, Duration limit) throws HandoverException, EndedException, InterruptedException {
        String text = line(limit);
        if (!text.equals(wanted)) {
            throw new HandoverException("'" + wanted + "' was expected, the other balancer said '" + text + "'");
        }
    }

    private Object next(Duration limit) throws HandoverException, EndedException, InterruptedException {
        Object message = ended && received.isEmpty() ? End.END : received.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new HandoverException("the other balancer said nothing for " + limit.toSeconds() + "s");
        }
        if (message == End.END) {
            throw new EndedException();
        }
        return message;
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        for (Object left = received.poll(); left != null; left = received.poll()) {
            if (left instanceof FileDescriptor descriptor) {
                close(descriptor);
            }
        }
    }

    static void close(FileDescriptor descriptor) {
        try {
            descriptor.close();
        } catch (IOException closed) {
            // Nothing more can be done about it.
            return;
        }
    }
}
