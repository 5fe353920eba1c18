package dev.ringmaster.it.framing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Patience;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that asks properly after every attack, on one connection, and must always get its own answer. */
final class Innocent implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Innocent(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Math.toIntExact(Patience.LIMIT.toMillis()));
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static String request(String token) {
        return "GET /innocent/" + token + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    /** Asks and returns the origin's connection that answered. */
    String ask(String token) throws IOException {
        socket.getOutputStream().write(request(token).getBytes(StandardCharsets.ISO_8859_1));
        String head = head();
        String path = "/innocent/" + token;
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nX-Echo: GET " + path + "\r\n");
        byte[] body = in.readNBytes(path.length());
        assertThat(new String(body, StandardCharsets.ISO_8859_1)).isEqualTo(path);
        return head.replaceFirst("(?s).*\r\nX-Connection: ([0-9]+)\r\n.*", "$1");
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int b = in.read();
            assertThat(b).as("connection ended after: " + head).isNotNegative();
            head.append((char) b);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
