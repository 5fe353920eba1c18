package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.BodyCoding;
import dev.ringmaster.lb.http.BodyWriter;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way: passed on as it comes, and held from its start for as long as a replay may need it and the
 * bounds allow. Event loop only.
 */
final class RequestBody {
    private final ProxyLoop loop;
    private final BodyCoding coding;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private int heldBytes;
    private boolean replayable = true;
    private @Nullable Fields trailers;

    RequestBody(ProxyLoop loop, BodyCoding coding) {
        this.loop = loop;
        this.coding = coding;
    }

    /** Whether the client has sent all of it. */
    boolean complete() {
        return trailers != null;
    }

    /** Whether everything received so far is still held, so that another replica can get it from the start. */
    boolean replayable() {
        return replayable;
    }

    int heldBytes() {
        return heldBytes;
    }

    /** Takes one more piece and passes it on if there is a connection; the piece is this object's from now on. */
    void add(ByteBuf data, @Nullable UpstreamConnection to) {
        int size = data.readableBytes();
        if (to == null) {
            // Without a connection it is kept in any case: reading is paused as soon as the bound is passed.
            hold(data, size);
            return;
        }
        if (replayable && heldBytes + size <= limit() && loop.hasRoomFor(size)) {
            hold(data.retainedDuplicate(), size);
        } else {
            drop();
        }
        BodyWriter.data(coding, data, to::write);
    }

    private void hold(ByteBuf data, int size) {
        held.addLast(data);
        heldBytes += size;
        loop.hold(size);
    }

    /** Whether no more should be read before there is a connection. */
    boolean full() {
        return heldBytes > limit();
    }

    private int limit() {
        return loop.shared.options().retryBodyBuffer();
    }

    /** The client has sent all of it. */
    void end(Fields lastFields, @Nullable UpstreamConnection to) {
        trailers = lastFields;
        if (to != null) {
            BodyWriter.end(coding, lastFields, to::write);
        }
    }

    /** Sends what was received so far on a new connection. */
    void replay(UpstreamConnection to) {
        for (ByteBuf data : held) {
            BodyWriter.data(coding, data.retainedDuplicate(), to::write);
        }
        if (full()) {
            drop();
        }
        if (trailers != null) {
            BodyWriter.end(coding, trailers, to::write);
        }
    }

    /** No replay is possible or needed any more. */
    void drop() {
        replayable = false;
        while (!held.isEmpty()) {
            held.pollFirst().release();
        }
        loop.unhold(heldBytes);
        heldBytes = 0;
    }
}
