package dev.ringmaster.lb.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A server on a real socket that does to each request what its script says; requests are numbered as they arrive. */
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final IntFunction<Action> script;
    private final AtomicInteger arrived = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    /** What happens to a request; the connection goes on if it is neither closed nor to be closed. */
    public interface Action {
        void perform(Socket connection) throws IOException, InterruptedException;
    }

    /** @param script what to do to the request of that number, from 0 */
    public ScriptedServer(IntFunction<Action> script) {
        this.script = script;
        try {
            this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers with a complete message. */
    public static Action answer(int status, String body) {
        String head = "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + body.length();
        return raw(head + "\r\n\r\n" + body);
    }

    /** Writes these bytes. */
    public static Action raw(String text) {
        return connection -> connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Greets as a replica does. */
    public static Action greet(String id) {
        return answer(200, "{\"message\":\"Hello from Server: " + id + "\",\"status\":\"successful\"}");
    }

    /** Closes in order. */
    public static Action hangUp() {
        return Socket::close;
    }

    /** Breaks the connection with a reset. */
    public static Action reset() {
        return connection -> {
            connection.setSoLinger(true, 0);
            connection.close();
        };
    }

    /** Does nothing, for good. */
    public static Action hang() {
        return _ -> Thread.currentThread().join();
    }

    public String url() {
        return "http://localhost:" + listener.getLocalPort();
    }

    /** Head and body of each request so far, in order of arrival. */
    public List<String> requests() {
        return requests;
    }

    public int connections() {
        return accepted.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                accepted.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            while (!connection.isClosed() && readRequest(in)) {
                script.apply(arrived.getAndIncrement()).perform(connection);
            }
        } catch (SocketException _) {
            // the peer has gone
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        String body = new String(in.readNBytes(contentLength(head.toString())), StandardCharsets.UTF_8);
        requests.add(head + body);
        return true;
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : accepted) {
            connection.close();
        }
    }
}
