package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes ASCII and numbers without Strings in between. */
final class Wire {
    static final byte[] LINE_END = ascii("\r\n");
    static final byte[] LIST_SEPARATOR = ascii(", ");
    static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    static final byte[] CLOSE = ascii("Connection: close\r\n");
    static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    static final byte[] WEBSOCKET = ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");

    private Wire() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static void range(ByteBuf out, byte[] bytes, int start, int end) {
        out.writeBytes(bytes, start, end - start);
    }

    static void text(ByteBuf out, String ascii) {
        out.writeCharSequence(ascii, StandardCharsets.US_ASCII);
    }

    /** A whole field line of one of the names above, or another that ends with colon and space. */
    static void line(ByteBuf out, byte[] name, String ascii) {
        out.writeBytes(name);
        text(out, ascii);
        out.writeBytes(LINE_END);
    }

    static void line(ByteBuf out, byte[] name, long value) {
        out.writeBytes(name);
        decimal(out, value);
        out.writeBytes(LINE_END);
    }

    /** A number that is not negative. */
    static void decimal(ByteBuf out, long value) {
        long unit = 1;
        while (value / unit > 9) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            out.writeByte('0' + (int) (value / unit % 10));
        }
    }

    /** A positive number. */
    static void hex(ByteBuf out, int value) {
        for (int shift = (31 - Integer.numberOfLeadingZeros(value)) & ~3; shift >= 0; shift -= 4) {
            out.writeByte(Character.forDigit(value >> shift & 15, 16));
        }
    }
}
