package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one head or trailer section and finds its lines, in one pass and in whatever pieces the bytes come. A line
 * ends with CR LF and nothing else; every byte is judged where it stands, so that a cut never changes the outcome.
 *
 * <pre>
 *   LINE ─CR→ LINE_LF ─LF→ NAME ─:→ VALUE ─CR→ VALUE_LF ─LF→ NAME …
 *                           └─CR→ END_LF ─LF→ DONE
 * </pre>
 */
final class HeadScanner {
    /** Longest start line with its CR LF. */
    static final int LINE_LIMIT = 8 * 1024 + 2;
    /** Longest section of field lines with the empty line. */
    static final int SECTION_LIMIT = 32 * 1024;

    private enum State {
        LINE,
        LINE_LF,
        NAME,
        VALUE,
        VALUE_LF,
        END_LF,
        DONE
    }

    private final Fields fields;
    private final @Nullable IntConsumer startLine;
    private State state = State.NAME;
    private int size;
    private int position;
    private int bound;
    private int nameStart;
    private int nameEnd;

    /** A section after a start line, whose end {@code startLine} is told; null where there is none: trailers. */
    HeadScanner(Fields fields, @Nullable IntConsumer startLine) {
        this.fields = fields;
        this.startLine = startLine;
        clear();
    }

    /** Takes the section's bytes and leaves what follows it; true once it is complete. */
    boolean read(ByteBuf in) {
        while (in.isReadable()) {
            byte[] bytes = fields.grown(size);
            int taken = Math.min(in.readableBytes(), bytes.length - size);
            in.readBytes(bytes, size, taken);
            size += taken;
            if (scan(bytes)) {
                in.readerIndex(in.readerIndex() - (size - position));
                return true;
            }
        }
        return false;
    }

    /** Whether not one byte came yet. */
    boolean isEmpty() {
        return size == 0;
    }

    final void clear() {
        fields.clear();
        size = 0;
        position = 0;
        nameStart = 0;
        state = startLine == null ? State.NAME : State.LINE;
        bound = startLine == null ? SECTION_LIMIT : LINE_LIMIT;
    }

    private boolean scan(byte[] bytes) {
        for (int limit = limit(); position < limit; limit = limit()) {
            switch (state) {
                case LINE -> line(bytes, limit);
                case LINE_LF -> section(bytes);
                case NAME -> {
                    lines(bytes, limit);
                    name(bytes, limit);
                }
                case VALUE -> value(bytes, limit);
                case VALUE_LF -> field(bytes);
                case END_LF -> end(bytes);
                case DONE -> {
                    return true;
                }
            }
        }
        if (state != State.DONE && position == bound) {
            throw state == State.LINE || state == State.LINE_LF
                    ? new MalformedMessage(414, "Request line is too long")
                    : new MalformedMessage(431, "Header is too large");
        }
        return state == State.DONE;
    }

    private int limit() {
        return Math.min(size, bound);
    }

    private void line(byte[] bytes, int limit) {
        if (text(bytes, limit)) {
            state = State.LINE_LF;
        }
    }

    private void section(byte[] bytes) {
        lineFeed(bytes);
        if (startLine != null) {
            startLine.accept(position - 2);
        }
        nameStart = position;
        bound = position + SECTION_LIMIT;
        state = State.NAME;
    }

    /** Takes lines that are there from start to end. A cut or wrong one is left to the steps, which know what is wrong. */
    private void lines(byte[] bytes, int limit) {
        while (position == nameStart) {
            int colon = Bytes.skipToken(bytes, position, limit);
            if (colon == nameStart || colon == limit || bytes[colon] != ':') {
                return;
            }
            int lineEnd = Bytes.skipText(bytes, colon + 1, limit);
            if (limit - lineEnd < 2 || bytes[lineEnd] != '\r' || bytes[lineEnd + 1] != '\n') {
                return;
            }
            fields.add(nameStart, colon, lineEnd);
            nameStart = lineEnd + 2;
            position = nameStart;
        }
    }

    private void name(byte[] bytes, int limit) {
        int at = Bytes.skipToken(bytes, position, limit);
        position = at;
        if (at == limit) {
            return;
        }
        boolean first = at == nameStart;
        if (first && bytes[at] == '\r') {
            state = State.END_LF;
        } else if (!first && bytes[at] == ':') {
            nameEnd = at;
            state = State.VALUE;
        } else {
            throw notValid();
        }
        position++;
    }

    private void value(byte[] bytes, int limit) {
        if (text(bytes, limit)) {
            state = State.VALUE_LF;
        }
    }

    private void field(byte[] bytes) {
        lineFeed(bytes);
        fields.add(nameStart, nameEnd, position - 2);
        nameStart = position;
        state = State.NAME;
    }

    private void end(byte[] bytes) {
        lineFeed(bytes);
        fields.end(nameStart);
        state = State.DONE;
    }

    /** Passes over text and the CR that ends it; false if there is no end yet. */
    private boolean text(byte[] bytes, int limit) {
        int at = Bytes.skipText(bytes, position, limit);
        position = at;
        if (at == limit) {
            return false;
        }
        if (bytes[at] != '\r') {
            throw notValid();
        }
        position++;
        return true;
    }

    private void lineFeed(byte[] bytes) {
        if (bytes[position] != '\n') {
            throw notValid();
        }
        position++;
    }

    private MalformedMessage notValid() {
        return new MalformedMessage(
                400,
                state == State.LINE || state == State.LINE_LF
                        ? "Request line is not valid"
                        : "Header line is not valid");
    }
}
