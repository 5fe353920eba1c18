package dev.ringmaster.lb.provider.docker;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server on a unix socket that hands each request to somebody, who writes whatever there is to write. */
final class FakeHttp implements Closeable {
    private final Path socket;
    private final ServerSocketChannel server;
    private final Handler handler;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    interface Handler {
        void handle(Request request, OutputStream out) throws IOException;
    }

    /** A request; its target without the version in front, and decoded. */
    record Request(String method, String target, String body) {
        String path() {
            return target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    FakeHttp(Path socket, Handler handler) throws IOException {
        this.socket = socket;
        this.handler = handler;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            cutAll();
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
            handler.handle(read(in), Channels.newOutputStream(connection));
        } catch (IOException gone) {
            // The client's own doing, or the test's.
        } finally {
            connections.remove(connection);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", -1);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        String target = URLDecoder.decode(URI.create(first[1]).toString(), StandardCharsets.UTF_8);
        return new Request(
                first[0],
                target.replaceFirst("^/v1\\.[0-9]+", ""),
                new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    static void reply(OutputStream out, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        write(
                out,
                "HTTP/1.1 " + status + " Whatever\r\nApi-Version: 1.41\r\nContent-Length: " + bytes.length
                        + "\r\n\r\n");
        out.write(bytes);
    }

    static void beginChunks(OutputStream out) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    static void chunk(OutputStream out, byte[] bytes) throws IOException {
        write(out, Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        write(out, "\r\n");
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Ends every connection, as an engine that is killed does. */
    void cutAll() {
        for (SocketChannel connection : connections) {
            try {
                connection.close();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
        Files.deleteIfExists(socket);
    }
}
