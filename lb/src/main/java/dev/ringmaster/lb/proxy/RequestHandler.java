package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import io.netty.buffer.ByteBuf;

/**
 * Whoever takes the request that a client's connection is reading, and answers it through {@link Downstream}. Event loop
 * only; nothing is called after {@link Downstream#exchangeEnded}.
 */
public interface RequestHandler {
    /** The head was read; once, before anything else. */
    void start();

    /** A piece of the request's body; takes ownership. */
    void requestBody(ByteBuf data);

    /** The request is complete; the trailers stay valid until the exchange has ended. */
    void requestEnd(Fields trailers);

    /** The request's body breaks the rules: nothing more of it will come. */
    void requestMalformed(MalformedMessage fault);

    /** The request's body stopped coming, although it was read. */
    void requestTimedOut();

    /** No more input for now: what was passed on can be flushed. */
    void flush();

    /** The client takes more, or no more for now. */
    void clientWritable(boolean writable);

    /** Looks at the clock ({@code System.nanoTime}); called now and then. */
    void tick(long now);

    /** The client is gone: whatever is under way ends now. */
    void abort();
}
