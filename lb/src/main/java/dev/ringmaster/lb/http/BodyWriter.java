package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Writes a body for the next hop: its data as it came, never copied, with a frame around it where it is chunked. */
public final class BodyWriter {
    private static final ByteBuf LINE_END = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private BodyWriter() {}

    private static ByteBuf constant(String ascii) {
        byte[] bytes = Wire.ascii(ascii);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
    }

    /** Passes a piece of the body on and takes it over: each buffer given to {@code out} is the callee's to release. */
    public static void data(BodyCoding coding, ByteBuf data, Consumer<ByteBuf> out) {
        int length = data.readableBytes();
        if (coding == BodyCoding.NONE || length == 0) { // a chunk without data would be the last one
            data.release();
            return;
        }
        if (coding != BodyCoding.CHUNKED) {
            out.accept(data);
            return;
        }
        ByteBuf size = data.alloc().buffer(Integer.BYTES * 2 + 2);
        Wire.hex(size, length);
        out.accept(size.writeBytes(Wire.LINE_END));
        out.accept(data);
        out.accept(LINE_END.duplicate());
    }

    /** Ends the body; of the trailers those pass that mean nothing to routing, framing or rights (RFC 9110 6.5.1). */
    public static void end(BodyCoding coding, Fields trailers, Consumer<ByteBuf> out) {
        if (coding != BodyCoding.CHUNKED) {
            return;
        }
        if (trailers.count() == 0) {
            out.accept(LAST_CHUNK.duplicate());
            return;
        }
        ByteBuf section = Unpooled.directBuffer(256);
        section.writeByte('0').writeBytes(Wire.LINE_END);
        KeptLines lines = new KeptLines(trailers, section);
        for (int field = 0; field < trailers.count(); field++) {
            if (trailers.name(field) == FieldName.OTHER) {
                lines.keep(field);
            }
        }
        lines.flush();
        out.accept(section.writeBytes(Wire.LINE_END));
    }
}
