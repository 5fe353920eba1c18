package dev.ringmaster.it.harness;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does what a script says, connection by connection, and remembers the heads that it got. */
public final class Origin implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final ExecutorService acceptor = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService scripts = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Script script;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What happens on one connection, which is closed afterwards. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws IOException, InterruptedException;
    }

    public Origin(Script script) throws IOException {
        this(0, script);
    }

    /** On a port of one's choice. */
    public Origin(int port, Script script) throws IOException {
        this.server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        this.script = script;
        acceptor.execute(this::accept);
    }

    /** Does something else with the connections that come from now on. */
    public void script(Script next) {
        script = next;
    }

    /** Answers every request with 200 and {@code body}. */
    public static Origin answering(String body) throws IOException {
        return new Origin(0, answers(body));
    }

    /** The script of the same. */
    public static Script answers(String body) {
        return connection -> {
            while (true) {
                connection.request();
                connection.ok(body);
            }
        };
    }

    /**
     * Answers so many requests at a time with 200 and {@code body}, each after a while; another one waits. Heartbeats and
     * what asks for {@code /quick} are answered at once.
     */
    public static Origin capped(String body, int atOnce, Duration service) throws IOException {
        Semaphore room = new Semaphore(atOnce, true);
        return new Origin(connection -> {
            while (true) {
                String path = connection.request().split(" ", 3)[1];
                if (!path.equals("/heartbeat") && !path.equals("/quick")) {
                    room.acquire();
                    try {
                        Thread.sleep(service);
                    } finally {
                        room.release();
                    }
                }
                connection.ok(body);
            }
        });
    }

    /** Answers every request with its own head. */
    public static Origin echoing() throws IOException {
        return new Origin(connection -> {
            while (true) {
                connection.ok(connection.request());
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Heads of the requests so far. */
    public List<String> heads() {
        return heads;
    }

    public int connections() {
        return connections.get();
    }

    /** Forgets the heads and cuts the connections that there are, so that the next test starts afresh. */
    public void reset() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        Soon.until(open::isEmpty);
        heads.clear();
    }

    /** Connections that are open now. */
    public int open() {
        return open.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Connection connection = new Connection(socket, connections.incrementAndGet());
                scripts.execute(() -> serve(connection));
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

    /**
     * Refuses connections, cuts those that there are, and ends their scripts. Returns when all that has happened: a socket
     * that a virtual thread reads from is closed by that thread, once it has been woken.
     */
    @Override
    public void close() throws IOException {
        server.close();
        acceptor.close();
        open.forEach(Origin::cut);
        scripts.shutdownNow();
        scripts.close();
    }

    private static void cut(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // By its own script, just now.
        }
    }

    /** One connection of the balancer's to this origin. */
    public final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final int number;

        private Connection(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.number = number;
        }

        /** Counts the connections from 1. */
        public int number() {
            return number;
        }

        public Socket socket() {
            return socket;
        }

        public InputStream in() {
            return in;
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
            String head = untilEmptyLine();
            heads.add(head);
            return head;
        }

        /** A head, or the rest of a chunked body without fields in between. */
        public String untilEmptyLine() throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < 4 || text.lastIndexOf("\r\n\r\n") != text.length() - 4) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException();
                }
                text.append((char) b);
            }
            return text.toString();
        }

        public String read(int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        public Connection send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        public Connection ok(String body) throws IOException {
            return send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }

        /** Closes with a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
