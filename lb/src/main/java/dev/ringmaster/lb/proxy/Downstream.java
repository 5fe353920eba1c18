package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.Peer;
import io.netty.buffer.ByteBuf;

/** The client's side of an exchange, as its listener offers it. Event loop only. */
public interface Downstream {
    /** How an exchange left the client's connection. */
    enum End {
        /** The answer is complete and another request may follow. */
        KEEP_ALIVE,
        /** The answer is complete and the connection is to be closed, so that the client gets all of it. */
        CLOSE,
        /** The answer was cut off, which the client sees by its framing. */
        CUT,
        /** The answer was cut off, which the client sees only if the connection is reset. */
        RESET
    }

    /** The TCP peer. */
    Peer peer();

    /** Where to append about that many bytes that were not there before, such as a head; not to be kept. */
    ByteBuf room(int estimate);

    /** Writes without flushing; takes ownership. {@link RequestHandler#clientWritable} may be called meanwhile. */
    void write(ByteBuf data);

    void flush();

    /** Whether writing may go on without piling up in memory. */
    boolean writable();

    /** Starts or stops reading the request: back pressure of the replica. Reading is on as an exchange starts. */
    void setReading(boolean wanted);

    /** Whether the connection is to be closed after this exchange: the balancer is leaving, or the client has ended. */
    boolean leaving();

    /** From now on the client's bytes are passed to the tunnel as they are, until the exchange has ended. */
    void tunnel(Tunnel upgraded);

    /** Ends the output of a tunnel; {@code ended} runs once all that was written before is on its way. */
    void shutdownOutput(Runnable ended);

    /** The exchange is over; no other method of it or of this connection is called on its behalf any more. */
    void exchangeEnded(End end);
}
