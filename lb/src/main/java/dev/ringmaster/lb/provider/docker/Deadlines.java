package dev.ringmaster.lb.provider.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Closes Unix sockets on which something takes too long, so that no peer however stuck can keep a thread. Any thread. */
final class Deadlines implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("docker-deadlines").factory());

    /** Something that blocks. */
    interface Exchange<T> {
        T run() throws IOException;
    }

    /** Runs it; {@link IOException} if it was not over in time. */
    <T> T within(Duration limit, SocketChannel channel, Exchange<T> exchange) throws IOException {
        ScheduledFuture<?> end = timer.schedule(() -> close(channel), limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return exchange.run();
        } finally {
            end.cancel(false);
        }
    }

    static SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException unlikely) {
            throw new IllegalStateException(unlikely);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
