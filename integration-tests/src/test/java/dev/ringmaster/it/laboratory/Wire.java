package dev.ringmaster.it.laboratory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads heads of HTTP/1.1 from one connection, and bodies against {@link Bodies}. */
final class Wire {
    private static final int LONGEST_HEAD = 16 << 10;
    private static final int LONGEST_SIZE = 15;

    private final InputStream in;
    private final byte[] buffer = new byte[Bodies.PIECE];
    private int next;
    private int end;

    Wire(InputStream in) {
        this.in = in;
    }

    /** A body that is complete and not the one it should be. */
    static final class WrongBytesException extends IOException {
        private static final long serialVersionUID = 1;

        WrongBytesException(String message) {
            super(message);
        }
    }

    /** Bytes that are no HTTP of ours. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /** The next head with its line ends; {@link EOFException} with the number of bytes that came if there is none. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        int matched = 0;
        while (matched < 4) {
            if (next == end && !fill()) {
                throw new EOFException("ended after " + head.length() + " bytes of a head");
            }
            char c = (char) (buffer[next++] & 0xFF);
            matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
            head.append(c);
            if (head.length() > LONGEST_HEAD) {
                throw new MalformedException("no head: " + head.substring(0, 100));
            }
        }
        return head.toString();
    }

    /** Value of a field, empty if there is none. */
    static String field(String head, String name) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name.toLowerCase(Locale.ROOT) + ":");
        int value = at + name.length() + 3;
        return at < 0 ? "" : head.substring(value, head.indexOf('\r', value)).strip();
    }

    /** Whether something came that nobody has asked for yet. */
    boolean pending() throws IOException {
        return next < end || in.available() > 0;
    }

    void skip(int length) throws IOException {
        for (int i = 0; i < length; i++) {
            read();
        }
    }

    /** Reads the body that the head announces and checks every byte of it; returns its length. */
    long body(String head, long seed) throws IOException {
        if (!field(head, "Transfer-Encoding").equals("chunked")) {
            String length = field(head, "Content-Length");
            long announced = length.isEmpty() ? 0 : Long.parseLong(length);
            check(seed, 0, announced);
            return announced;
        }
        long at = 0;
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            check(seed, at, size);
            at += size;
            endOfLine();
        }
        endOfLine();
        return at;
    }

    private void check(long seed, long at, long length) throws IOException {
        boolean right = true;
        for (long done = 0; done < length; ) {
            if (next == end && !fill()) {
                throw new EOFException("body ended at " + (at + done));
            }
            int part = (int) Math.min(end - next, length - done);
            right &= Bodies.same(seed, at + done, buffer, next, part);
            next += part;
            done += part;
        }
        if (!right) {
            throw new WrongBytesException("wrong bytes before " + (at + length));
        }
    }

    private long chunkSize() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = read(); b != '\r'; b = read()) {
            if (Character.digit(b, 16) < 0 || line.length() >= LONGEST_SIZE) {
                throw new MalformedException("no size of a chunk: " + line + (char) b);
            }
            line.append((char) b);
        }
        if (line.isEmpty() || read() != '\n') {
            throw new MalformedException("no size of a chunk: " + line);
        }
        return Long.parseLong(line.toString(), 16);
    }

    private void endOfLine() throws IOException {
        if (read() != '\r' || read() != '\n') {
            throw new MalformedException("no end of line where there must be one");
        }
    }

    private int read() throws IOException {
        if (next == end && !fill()) {
            throw new EOFException("ended within a body");
        }
        return buffer[next++];
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
