package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds a body's end and hands its data on as slices of what came in, never copied and without the chunks' framing. */
final class BodyReader {
    private enum State {
        LENGTH,
        CLOSE,
        CHUNK_LINE,
        CHUNK_DATA,
        CHUNK_CR,
        CHUNK_LF,
        TRAILERS,
        ENDED
    }

    private final Consumer<ByteBuf> out;
    private final ChunkLine line = new ChunkLine();
    private State state = State.ENDED;
    /** Of the body or of the chunk. */
    private long remaining;
    /** What further chunks may hold. */
    private long allowed;

    private @Nullable Fields trailers;
    private @Nullable HeadScanner scanner;

    BodyReader(Consumer<ByteBuf> out) {
        this.out = out;
    }

    /** A body of that many bytes, at least one. */
    void startLength(long bytes) {
        remaining = bytes;
        state = State.LENGTH;
    }

    /** A chunked body of at most so many bytes. */
    void startChunked(long most) {
        allowed = most;
        line.clear();
        state = State.CHUNK_LINE;
    }

    /** A body that only the connection's end ends. */
    void startUntilClose() {
        state = State.CLOSE;
    }

    /** Takes what belongs to the body and leaves what follows it; true once it has ended. */
    boolean read(ByteBuf in) {
        while (state != State.ENDED && in.isReadable()) {
            switch (state) {
                case LENGTH -> data(in, State.ENDED);
                case CLOSE -> out.accept(in.readRetainedSlice(in.readableBytes()));
                case CHUNK_LINE -> chunkLine(in);
                case CHUNK_DATA -> data(in, State.CHUNK_CR);
                case CHUNK_CR -> lineEnd(in, '\r', State.CHUNK_LF);
                case CHUNK_LF -> lineEnd(in, '\n', State.CHUNK_LINE);
                case TRAILERS -> trailers(in);
                case ENDED -> throw new IllegalStateException("the body has ended");
            }
        }
        return state == State.ENDED;
    }

    /** The trailers of the chunked body that ended last. */
    Fields trailers() {
        Fields read = trailers;
        return read == null ? Fields.NONE : read;
    }

    /** Forgets the last body's trailers. */
    void clear() {
        if (scanner != null) {
            scanner.clear();
        }
    }

    private void data(ByteBuf in, State next) {
        int taken = (int) Math.min(remaining, in.readableBytes());
        remaining -= taken;
        if (remaining == 0) {
            state = next;
        }
        out.accept(in.readRetainedSlice(taken));
    }

    private void chunkLine(ByteBuf in) {
        if (!line.read(in)) {
            return;
        }
        remaining = line.size();
        if (remaining > allowed) {
            throw new MalformedMessage(413, "Request body is too large");
        }
        allowed -= remaining;
        state = remaining == 0 ? State.TRAILERS : State.CHUNK_DATA;
        line.clear();
    }

    private void lineEnd(ByteBuf in, char expected, State next) {
        if (in.readByte() != expected) {
            throw new MalformedMessage(400, "Chunk does not end where its size says");
        }
        state = next;
    }

    private void trailers(ByteBuf in) {
        HeadScanner open = scanner;
        if (open == null) {
            Fields fields = new Fields(64);
            trailers = fields;
            open = new HeadScanner(fields, null);
            scanner = open;
        }
        if (open.read(in)) {
            state = State.ENDED;
        }
    }
}
