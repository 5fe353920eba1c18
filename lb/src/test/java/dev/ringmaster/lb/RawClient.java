package dev.ringmaster.lb;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends bytes as given and reads responses strictly, one after another. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    public RawClient(int port) throws IOException {
        this(port, InetAddress.getLoopbackAddress());
    }

    /** Connects from one of the machine's own addresses. */
    public RawClient(int port, InetAddress from) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * One response; field names in lower case, values of repeated fields joined by commas; a byte of the body is a char;
     * trailers are their lines.
     */
    public record Response(int status, Map<String, String> fields, String head, String text, String trailers) {
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    /** How a connection ended. */
    public enum Ending {
        CLOSED,
        RESET
    }

    public Socket socket() {
        return socket;
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    public RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    public RawClient post(String path, String body) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Sends no more, but reads on. */
    public RawClient end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Goes away so that the other side notices. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public Response response() throws IOException {
        return response(false);
    }

    /** Reads one response; {@code EOFException} if the connection ends before it is complete. */
    public Response response(boolean toHead) throws IOException {
        String head = head();
        int status = Integer.parseInt(head.substring(9, 12));
        Map<String, String> fields = new LinkedHashMap<>();
        String[] lines = head.split("\r\n", -1);
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            fields.merge(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        StringBuilder trailers = new StringBuilder();
        String body = new String(body(toHead, status, fields, trailers), StandardCharsets.ISO_8859_1);
        return new Response(status, fields, head, body, trailers.toString());
    }

    private byte[] body(boolean toHead, int status, Map<String, String> fields, StringBuilder trailers)
            throws IOException {
        if (toHead || status / 100 == 1 || status == 204 || status == 304) {
            return new byte[0];
        }
        if ("chunked".equals(fields.get("transfer-encoding"))) {
            return chunked(trailers);
        }
        String length = fields.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] chunked(StringBuilder trailers) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            if (size == 0) {
                for (String line = line(); !line.isEmpty(); line = line()) {
                    trailers.append(line).append('\n');
                }
                return all.toByteArray();
            }
            all.write(exactly(size));
            if (!line().isEmpty()) {
                throw new IOException("chunk is longer than its size");
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Everything up to and with the next empty line. */
    public String head() throws IOException {
        StringBuilder head = new StringBuilder();
        String line = line();
        while (!line.isEmpty()) {
            head.append(line).append("\r\n");
            line = line();
        }
        return head.append("\r\n").toString();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            line.append((char) c);
            c = in.read();
        }
        if (c < 0) {
            throw new EOFException("connection ended within a line: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    public byte[] read(int length) throws IOException {
        return exactly(length);
    }

    public InputStream in() {
        return in;
    }

    /** Whether the balancer closed the connection without sending anything more. */
    public boolean closed() throws IOException {
        return in.read() < 0;
    }

    /** Reads and drops all there is; how it ended. */
    public Ending ending() throws IOException {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return Ending.CLOSED;
        } catch (SocketException reset) {
            return Ending.RESET;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
