package dev.ringmaster.it.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that sends bytes as they are given and reads answers strictly, one after another. */
public final class Client implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = Math.toIntExact(Patience.LIMIT.toMillis());

    private final Socket socket = new Socket();
    private final InputStream in;

    public Client(int port) throws IOException {
        this(port, 0);
    }

    /** With a receive buffer of about so many bytes. */
    public Client(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * One answer.
     *
     * @param head status line and fields with their line ends, the empty line included
     * @param text the body, decoded, a byte a char
     */
    public record Answer(int status, String head, String text) {
        /** Values of the fields of that name, in order. */
        public List<String> values(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }

        public String value(String name) {
            return String.join(" | ", values(name));
        }
    }

    public Socket socket() {
        return socket;
    }

    /** What the balancer says, for tests that read it byte by byte. */
    public InputStream in() {
        return in;
    }

    public Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public Client get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    /** Sends no more. */
    public Client end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    public Answer answer() throws IOException {
        return answer(false);
    }

    /** One answer, 1xx included; {@code EOFException} if the connection ends before it is complete. */
    public Answer answer(boolean toHead) throws IOException {
        String head = head();
        int status = Integer.parseInt(head.substring(9, 12));
        Answer answer = new Answer(status, head, "");
        boolean bodiless = toHead || status / 100 == 1 || status == 204 || status == 304;
        return bodiless ? answer : new Answer(status, head, new String(body(answer), StandardCharsets.ISO_8859_1));
    }

    private byte[] body(Answer answer) throws IOException {
        if (answer.value("Transfer-Encoding").equals("chunked")) {
            return chunked();
        }
        String length = answer.value("Content-Length");
        return length.isEmpty() ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] chunked() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.write(exactly(size));
            exactly(2);
        }
        head();
        return all.toByteArray();
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

    /** The next line, without its CR LF. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection ended within a line: " + line);
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    /** What still comes until the balancer ends the connection. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Closes with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
