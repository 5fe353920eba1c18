package dev.ringmaster.it.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A Unix socket before the engine's own, which can make the engine seem slow, broken or gone. */
final class EngineRelay implements AutoCloseable {
    private static final Path ENGINE = Path.of("/var/run/docker.sock");

    private final Path socket;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private ServerSocketChannel server;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean broken;

    EngineRelay(Path socket) throws IOException {
        this.socket = socket;
        this.server = listen();
    }

    Path socket() {
        return socket;
    }

    private ServerSocketChannel listen() throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(() -> accept(channel));
        return channel;
    }

    /** Every request waits that long before it reaches the engine. */
    void slow(Duration by) {
        delay = by;
    }

    /** Every request is answered 500, and the connections that there are end. */
    void breakDown(boolean now) throws IOException {
        broken = now;
        cut();
    }

    /** Nobody listens any more, and the connections that there are end. */
    void stop() throws IOException {
        server.close();
        cut();
    }

    void start() throws IOException {
        server = listen();
    }

    private void cut() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
    }

    private void accept(ServerSocketChannel from) {
        while (from.isOpen()) {
            try {
                SocketChannel client = from.accept();
                open.add(client);
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException stopped) {
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            if (broken) {
                client.read(ByteBuffer.allocate(1 << 16));
                client.write(ByteBuffer.wrap("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}"
                        .getBytes(StandardCharsets.US_ASCII)));
                return;
            }
            Thread.sleep(delay);
            try (SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(ENGINE))) {
                open.add(engine);
                Thread back = Thread.ofPlatform().daemon().start(() -> copy(engine, client));
                copy(client, engine);
                back.join();
                open.remove(engine);
            }
        } catch (IOException | InterruptedException gone) {
            // Cut, by either side.
        } finally {
            open.remove(client);
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        try {
            Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
            to.shutdownOutput();
        } catch (IOException gone) {
            // The other direction notices.
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
