package dev.ringmaster.it.framing;

import dev.ringmaster.it.framing.StrictReader.Reading;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An origin that reads strictly, remembers everything it was sent, connection by connection, and answers each request
 * with what it asked for, so that an answer that reaches the wrong client is seen.
 */
final class RecordingOrigin implements AutoCloseable {
    private static final String HEARTBEAT = "/heartbeat";

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Queue<StrictRequest> complete = new ConcurrentLinkedQueue<>();
    private final Queue<Reading> ended = new ConcurrentLinkedQueue<>();

    /** Everything heard so far. */
    record Heard(List<StrictRequest> complete, List<StrictRequest> begun, List<String> faults) {}

    RecordingOrigin() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whether no connection is in the middle of a request. */
    boolean idle() {
        return open.stream().allMatch(connection -> connection.reader.idle());
    }

    boolean unused() {
        return open.isEmpty();
    }

    /** What was heard since the last call; heartbeats do not count. */
    Heard take() {
        List<StrictRequest> requests = new ArrayList<>();
        for (StrictRequest next = complete.poll(); next != null; next = complete.poll()) {
            requests.add(next);
        }
        List<StrictRequest> begun = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Reading reading = ended.poll(); reading != null; reading = ended.poll()) {
            reading.begun().ifPresent(begun::add);
            reading.fault().ifPresent(faults::add);
        }
        return new Heard(requests, begun, faults);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Connection connection = new Connection(server.accept(), connections.incrementAndGet());
                open.add(connection);
                Thread.ofVirtual().start(connection);
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : open) {
            connection.socket.close();
        }
    }

    private final class Connection implements Runnable {
        private final Socket socket;
        private final int number;
        private final StrictReader reader;

        Connection(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            this.reader = new StrictReader(new BufferedInputStream(socket.getInputStream()), this::answer);
        }

        @Override
        public void run() {
            try (socket) {
                ended.add(reader.read());
            } catch (IOException reset) {
                // The other end went away, which is its right.
            } finally {
                open.remove(this);
            }
        }

        private void answer(StrictRequest request) throws IOException {
            if (!request.target().equals(HEARTBEAT)) {
                complete.add(request);
            }
            String body = request.method().equals("HEAD") ? "" : request.target();
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nX-Echo: " + request.method() + " " + request.target() + "\r\nX-Connection: "
                            + number + "\r\nContent-Length: "
                            + request.target().length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }
}
