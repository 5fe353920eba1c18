package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.BodyCoding;
import dev.ringmaster.lb.http.BodyWriter;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way: passed on as it comes, and held from its start for as long as a replay may need it and the
 * bounds allow. Event loop only.
 */
final class RequestBody {
    /** What a piece counts at least: however small, it keeps a whole buffer from being used again, often with others. */
    private static final int LEAST_WEIGHT = 512;

    private final ProxyLoop loop;
    private final BodyCoding coding;
    private final long length;
    private final List<ByteBuf> held = new ArrayList<>();
    private long received;
    private int weight;
    private boolean replayable = true;
    private @Nullable Fields trailers;

    RequestBody(ProxyLoop loop, RequestHead head) {
        this.loop = loop;
        this.coding = head.chunked() ? BodyCoding.CHUNKED : head.hasBody() ? BodyCoding.LENGTH : BodyCoding.NONE;
        this.length = head.chunked() ? Long.MAX_VALUE : head.contentLength();
    }

    /** Whether the client has sent all of it. */
    boolean complete() {
        return trailers != null;
    }

    /** Bytes that the client has yet to send, at most. */
    long left() {
        return complete() ? 0 : length - received;
    }

    /** Whether everything received so far is still held, so that another replica can get it from the start. */
    boolean replayable() {
        return replayable;
    }

    /** Takes one more piece and passes it on if there is a connection; the piece is this object's from now on. */
    void add(ByteBuf data, @Nullable UpstreamConnection to) {
        received += data.readableBytes();
        if (to == null) {
            // Without a connection it is kept in any case: reading is paused as soon as the bound is passed.
            hold(data);
            return;
        }
        if (replayable && weight + weight(data) <= limit() && loop.hasRoomFor(weight(data))) {
            hold(data.retainedDuplicate());
        } else {
            drop();
        }
        BodyWriter.data(coding, data, to::write);
    }

    private void hold(ByteBuf data) {
        held.add(data);
        weight += weight(data);
        loop.hold(weight(data));
    }

    private static int weight(ByteBuf data) {
        return Math.max(LEAST_WEIGHT, data.readableBytes());
    }

    /** Whether no more should be read before there is a connection. */
    boolean full() {
        return weight > limit() || !loop.hasRoomFor(0);
    }

    private int limit() {
        return loop.shared.options().retry().bodyBuffer();
    }

    /** The client has sent all of it. */
    void end(Fields lastFields, @Nullable UpstreamConnection to) {
        trailers = lastFields;
        if (to != null) {
            BodyWriter.end(coding, lastFields, to::write);
        }
    }

    /**
     * Sends what was received so far on a new connection.
     *
     * @param again whether it may have to be sent once more
     */
    void startOn(UpstreamConnection to, boolean again) {
        // The head was written to the same connection a moment ago: none of these writes can fail and come back here.
        for (ByteBuf data : held) {
            BodyWriter.data(coding, data.retainedDuplicate(), to::write);
        }
        if (!again || full()) {
            drop();
        }
        if (trailers != null) {
            BodyWriter.end(coding, trailers, to::write);
        }
    }

    /** No replay is possible or needed any more. */
    void drop() {
        replayable = false;
        held.forEach(ByteBuf::release);
        held.clear();
        loop.hold(-weight);
        weight = 0;
    }
}
