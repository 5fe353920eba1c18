package dev.ringmaster.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends bytes as given and reads answers strictly, one after another, on one connection. */
public final class Http implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    public Http(int port) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        in = socket.getInputStream();
    }

    /** One answer; field names in lower case, a byte of the body is a char. */
    public record Answer(int status, Map<String, String> fields, String text) {
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    public Socket socket() {
        return socket;
    }

    public Http send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Sends a request with these extra field lines, each ended by CRLF, and reads the answer. */
    public Answer call(String method, String target, String fields, String body) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields
                + (body.isEmpty() ? "" : "Content-Length: " + length + "\r\n") + "\r\n" + body);
        return answer(method.equals("HEAD"));
    }

    public Answer get(String target) throws IOException {
        return call("GET", target, "", "");
    }

    public Answer post(String target, String body) throws IOException {
        return call("POST", target, "", body);
    }

    public Answer delete(String target, String body) throws IOException {
        return call("DELETE", target, "", body);
    }

    /** Reads one answer; {@code EOFException} if the connection ends before it is complete. */
    public Answer answer(boolean toHead) throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(status, fields, toHead ? "" : body(status, fields));
    }

    private String body(int status, Map<String, String> fields) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (status / 100 == 1 || status == 204 || status == 304) {
            return "";
        }
        if ("chunked".equals(fields.get("transfer-encoding"))) {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                all.write(exactly(size));
                line();
            }
            line();
        } else if (fields.containsKey("content-length")) {
            all.write(exactly(Integer.parseInt(fields.get("content-length"))));
        } else {
            all.write(in.readAllBytes());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    public String line() throws IOException {
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

    /** Whether the connection was closed without anything more. */
    public boolean closed() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
