package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;

/** Gets a response as it is read: informational heads, the final head, its body in pieces, its end. */
public interface ResponseSink {
    /** A final head, or an informational one after which the next head follows (after a 101 nothing follows). */
    void responseHead(ResponseHead head);

    /** A piece of the body, never empty; the callee has to release it. */
    void responseBody(ByteBuf data);

    /** The response is complete; trailers are valid until {@link ResponseReader#forget()}. */
    void responseEnd(Fields trailers);
}
