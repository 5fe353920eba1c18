package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;

/** The line before a chunk's data: its size, and extensions that are checked and dropped (RFC 9112 7.1). */
final class ChunkLine {
    private static final int MOST_DIGITS = 16;
    /** Longest line with its CR LF. */
    static final int LIMIT = 4096;

    private enum State {
        SIZE,
        BEFORE_SEMICOLON,
        BEFORE_NAME,
        NAME,
        AFTER_NAME,
        BEFORE_VALUE,
        VALUE,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED,
        LINE_FEED,
        DONE
    }

    private State state = State.SIZE;
    private int length;
    private int digits;
    private long size;

    /** Takes the line's bytes and leaves what follows it; true once it is complete. */
    boolean read(ByteBuf in) {
        while (state != State.DONE && in.isReadable()) {
            if (++length > LIMIT) {
                throw new MalformedMessage(400, "Chunk line is too long");
            }
            state = next(in.readByte());
        }
        return state == State.DONE;
    }

    /** Bytes of the chunk's data; 0 is the last chunk's. */
    long size() {
        return size;
    }

    void clear() {
        state = State.SIZE;
        length = 0;
        digits = 0;
        size = 0;
    }

    private State next(byte b) {
        return switch (state) {
            case SIZE -> Bytes.is(b, Bytes.HEX) ? digit(b) : digits > 0 ? after(b) : fault();
            case BEFORE_SEMICOLON -> space(b) ? state : b == ';' ? State.BEFORE_NAME : fault();
            case BEFORE_NAME -> space(b) ? state : Bytes.is(b, Bytes.TOKEN) ? State.NAME : fault();
            case NAME ->
                Bytes.is(b, Bytes.TOKEN)
                        ? state
                        : b == '=' ? State.BEFORE_VALUE : space(b) ? State.AFTER_NAME : after(b);
            case AFTER_NAME ->
                space(b) ? state : b == '=' ? State.BEFORE_VALUE : b == ';' ? State.BEFORE_NAME : fault();
            case BEFORE_VALUE ->
                space(b) ? state : b == '"' ? State.QUOTED : Bytes.is(b, Bytes.TOKEN) ? State.VALUE : fault();
            case VALUE -> Bytes.is(b, Bytes.TOKEN) ? state : after(b);
            case QUOTED ->
                Bytes.is(b, Bytes.QUOTED) ? state : b == '"' ? State.AFTER_QUOTED : b == '\\' ? State.ESCAPED : fault();
            case ESCAPED -> Bytes.is(b, Bytes.TEXT) ? State.QUOTED : fault();
            case AFTER_QUOTED -> after(b);
            case LINE_FEED -> b == '\n' ? State.DONE : fault();
            case DONE -> throw new IllegalStateException("the line is complete");
        };
    }

    /** What may follow a complete part: the line's end, or the next extension with white space before it. */
    private static State after(byte b) {
        return b == '\r' ? State.LINE_FEED : b == ';' ? State.BEFORE_NAME : space(b) ? State.BEFORE_SEMICOLON : fault();
    }

    private State digit(byte b) {
        digits++;
        if (digits > MOST_DIGITS || size > Long.MAX_VALUE >> 4) {
            return fault();
        }
        size = size << 4 | Character.digit(b, 16);
        return State.SIZE;
    }

    private static boolean space(byte b) {
        return b == ' ' || b == '\t';
    }

    private static State fault() {
        throw new MalformedMessage(400, "Chunk size is not valid");
    }
}
