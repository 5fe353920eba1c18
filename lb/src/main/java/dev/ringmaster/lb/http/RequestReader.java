package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client connection's requests, one at a time (RFC 9112 2 to 7). The only parser that requests pass: a
 * second opinion about where a message ends would be a hole for smuggling. Between two requests it holds nothing of the
 * connection and may serve another one. Not thread-safe.
 */
public final class RequestReader {
    private enum State {
        HEAD,
        BODY,
        ENDED
    }

    private final long maxBody;
    private final RequestHead head = new RequestHead();
    private final HeadScanner scanner = new HeadScanner(head.fields(), this::line);
    private final BodyReader body = new BodyReader(this::body);
    private @Nullable RequestSink sink;
    private State state = State.HEAD;
    private @Nullable MalformedMessage fault;

    /** Reads requests whose bodies hold at most {@code maxBody} bytes; 0 means no bound. */
    public RequestReader(long maxBody) {
        this.maxBody = maxBody;
    }

    /**
     * Takes what belongs to the current request, tells {@code to} of it and leaves the rest: after its end nothing is
     * taken until {@link #next()}. A {@link MalformedMessage} is final: it is thrown again from then on.
     */
    public void read(ByteBuf in, RequestSink to) {
        sink = to;
        if (fault != null) {
            throw fault;
        }
        try {
            while (state != State.ENDED && in.isReadable()) {
                if (state == State.HEAD) {
                    readHead(in, to);
                } else if (body.read(in)) {
                    end(body.trailers(), to);
                }
            }
        } catch (MalformedMessage malformed) {
            fault = malformed;
            throw malformed;
        }
    }

    /** Forgets the request that ended and its sink, and is ready for the next one. */
    public void next() {
        scanner.clear();
        body.clear();
        sink = null;
        state = State.HEAD;
    }

    /** Whether not one byte of a request was read yet. */
    public boolean idle() {
        return state == State.HEAD && scanner.isEmpty();
    }

    /** Whether a head was begun and is not complete. */
    public boolean inHead() {
        return state == State.HEAD && !scanner.isEmpty();
    }

    /** Whether the request is complete, its body included. */
    public boolean ended() {
        return state == State.ENDED;
    }

    private void line(int end) {
        head.line().parse(head.fields().bytes(), end);
    }

    private void body(ByteBuf data) {
        Objects.requireNonNull(sink).requestBody(data);
    }

    private void readHead(ByteBuf in, RequestSink to) {
        if (!scanner.read(in)) {
            return;
        }
        head.complete(maxBody);
        state = State.BODY;
        if (head.chunked()) {
            body.startChunked(maxBody == 0 ? Long.MAX_VALUE : maxBody);
        } else if (head.hasBody()) {
            body.startLength(head.contentLength());
        }
        to.requestHead(head);
        if (!head.hasBody()) {
            end(Fields.NONE, to);
        }
    }

    private void end(Fields trailers, RequestSink to) {
        state = State.ENDED;
        to.requestEnd(trailers);
    }
}
