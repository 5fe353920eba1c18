package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses of one upstream connection, each after it was expected. Whatever is wrong is a
 * {@link MalformedMessage} with status 502. Between two responses it may be lent to another connection. Not thread-safe.
 */
public final class ResponseReader {
    private static final int MOST_INFORMATIONAL = 8;

    private enum State {
        UNEXPECTED,
        HEAD,
        BODY,
        ENDED,
        SWITCHED
    }

    private final ResponseHead head = new ResponseHead();
    private final HeadScanner scanner = new HeadScanner(head.fields(), head::line);
    private final BodyReader body = new BodyReader(this::body);
    private @Nullable ResponseSink sink;
    private State state = State.UNEXPECTED;
    private boolean headRequest;
    private int informational;
    private @Nullable MalformedMessage fault;

    /** A request was sent: its response may come now, and {@code to} is told of it. The last one was forgotten. */
    public void expect(boolean toHeadRequest, ResponseSink to) {
        headRequest = toHeadRequest;
        sink = to;
        state = State.HEAD;
    }

    /**
     * Takes what belongs to the expected response and leaves the rest: bytes left after its end come from a broken
     * replica, bytes left after a 101 belong to the new protocol. Bytes while nothing is expected are a fault. A
     * {@link MalformedMessage} is final: it is thrown again from then on.
     */
    public void read(ByteBuf in) {
        if (fault != null) {
            throw fault;
        }
        try {
            if (in.isReadable() && (state == State.UNEXPECTED || state == State.ENDED)) {
                throw new MalformedMessage(502, "Response was not expected");
            }
            while ((state == State.HEAD || state == State.BODY) && in.isReadable()) {
                if (state == State.HEAD) {
                    readHead(in);
                } else if (body.read(in)) {
                    end(body.trailers());
                }
            }
        } catch (MalformedMessage malformed) {
            throw fail(malformed.text());
        }
    }

    /** The replica sent its last byte: the end of a body without another end, a fault within any other message. */
    public void inputClosed() {
        if (state == State.BODY && head.untilClose()) {
            end(Fields.NONE);
        } else if (state == State.HEAD || state == State.BODY) {
            throw fail("Response is not complete");
        }
    }

    /** Forgets the response and its sink; what the sink was told of is not valid any more. */
    public void forget() {
        informational = 0;
        scanner.clear();
        body.clear();
        sink = null;
        fault = null;
        state = State.UNEXPECTED;
    }

    /** Whether the final head of the expected response was read. */
    public boolean headSeen() {
        return state == State.BODY || state == State.ENDED;
    }

    /** Whether the expected response is complete, its body included. */
    public boolean ended() {
        return state == State.ENDED;
    }

    private ResponseSink sink() {
        return Objects.requireNonNull(sink);
    }

    private void body(ByteBuf data) {
        sink().responseBody(data);
    }

    private MalformedMessage fail(String text) {
        fault = new MalformedMessage(502, text);
        return fault;
    }

    private void readHead(ByteBuf in) {
        if (!scanner.read(in)) {
            return;
        }
        head.complete(headRequest);
        if (head.informational()) {
            inform();
            return;
        }
        state = State.BODY;
        startBody();
        sink().responseHead(head);
        if (!head.hasBody()) {
            end(Fields.NONE);
        }
    }

    private void inform() {
        if (++informational > MOST_INFORMATIONAL) {
            throw new MalformedMessage(502, "Too many informational responses");
        }
        boolean switched = head.status() == 101;
        if (switched) {
            state = State.SWITCHED;
        }
        sink().responseHead(head);
        if (!switched) {
            scanner.clear();
        }
    }

    private void startBody() {
        if (head.untilClose()) {
            body.startUntilClose();
        } else if (head.hasBody() && head.chunked()) {
            body.startChunked(Long.MAX_VALUE);
        } else if (head.hasBody()) {
            body.startLength(head.contentLength());
        }
    }

    private void end(Fields trailers) {
        state = State.ENDED;
        sink().responseEnd(trailers);
    }
}
