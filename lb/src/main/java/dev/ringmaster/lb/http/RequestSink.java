package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;

/** Gets a request as it is read: its head, its body in pieces (none if there is no body), its end. */
public interface RequestSink {
    /** A request's head is complete; it is valid until {@link RequestReader#next()}. */
    void requestHead(RequestHead head);

    /** A piece of the body, never empty; the callee has to release it. */
    void requestBody(ByteBuf data);

    /** The request is complete; trailers are valid until {@link RequestReader#next()}. */
    void requestEnd(Fields trailers);
}
