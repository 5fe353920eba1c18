package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;

/** Copies those lines of a section that are kept: lines side by side in one go. */
final class KeptLines {
    private final Fields fields;
    private final ByteBuf out;
    private int start;
    private int end;

    KeptLines(Fields fields, ByteBuf out) {
        this.fields = fields;
        this.out = out;
    }

    /** Keeps a line; called in the order of the fields. */
    void keep(int field) {
        if (fields.lineStart(field) != end) {
            flush();
            start = fields.lineStart(field);
        }
        end = fields.lineEnd(field);
    }

    /** Writes what is still held; has to be called after the last line. */
    void flush() {
        Wire.range(out, fields.bytes(), start, end);
        start = end;
    }
}
