package dev.ringmaster.lb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A replica that does what a script says, connection by connection, and remembers the heads that it got. */
public final class ScriptedOrigin implements AutoCloseable {
    /** As many as any test opens at once: whoever finds a queue full is not heard. */
    private static final int BACKLOG = 4096;

    private final ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final Script script;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What happens on one connection; it is closed afterwards. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws IOException, InterruptedException;
    }

    public ScriptedOrigin(Script script) throws IOException {
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers every request with 200 and {@code body}. */
    public static ScriptedOrigin answering(String body) throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                connection.request();
                connection.ok(body);
            }
        });
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Answers the n-th connection by the n-th script, all later ones by the last. */
    public static ScriptedOrigin each(Script... scripts) throws IOException {
        return new ScriptedOrigin(
                connection -> scripts[Math.min(connection.number(), scripts.length) - 1].run(connection));
    }

    /** Heads of the requests so far. */
    public List<String> heads() {
        return heads;
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(new Connection(socket, number)));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Connection connection) {
        try (connection.socket) {
            script.run(connection);
        } catch (IOException gone) {
            // The balancer closed the connection, which ends the script.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(connection.socket);
        }
    }

    /** Refuses connections and resets those that there are. */
    public void die() throws IOException {
        server.close();
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (SocketException endedMeanwhile) {
                // Its script was quicker.
            }
        }
    }

    @Override
    public void close() throws IOException {
        die();
    }

    /** One connection of the balancer's to this origin. */
    public final class Connection {
        private final Socket socket;
        private final int number;

        private Connection(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        /** Counts the connections from 1. */
        public int number() {
            return number;
        }

        /** Reads one request with its body, if Content-Length tells of one, and returns its head. */
        public String request() throws IOException {
            String head = head();
            for (String line : head.split("\r\n", -1)) {
                if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    read(Integer.parseInt(line.substring(15).strip()));
                }
            }
            return head;
        }

        public String head() throws IOException {
            StringBuilder head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
                int c = in.read();
                if (c < 0) {
                    throw new EOFException();
                }
                head.append((char) c);
            }
            heads.add(head.toString());
            return head.toString();
        }

        public byte[] read(int length) throws IOException {
            byte[] bytes = socket.getInputStream().readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return bytes;
        }

        public Connection send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public Connection send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        /** Takes one request and answers it by these bytes. */
        public Connection answer(String response) throws IOException {
            request();
            return send(response);
        }

        /** Waits until the balancer ends the connection, which ends the script. */
        public void awaitEnd() throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        public Connection ok(String body) throws IOException {
            return send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }

        /** Closes with a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        public Socket socket() {
            return socket;
        }
    }
}
