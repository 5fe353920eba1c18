package dev.ringmaster.lb.upstream;

import dev.ringmaster.lb.http.ResponseSink;
import io.netty.buffer.ByteBuf;

/**
 * Whoever holds a connection's lease hears here what happens on it, always on the connection's event loop. The end of a
 * response is told only once it is certain that nothing follows it on the connection.
 */
public interface UpstreamListener extends ResponseSink {
    /** The connection broke, or the replica sent what is no valid response; it is closed and needs no release. */
    void upstreamFailed(Throwable cause);

    /** No more input for now: what was relayed can be flushed. */
    void upstreamReadComplete();

    /** More can be written, or no more for now. */
    void upstreamWritable(boolean writable);

    /** Bytes of an upgraded connection, passed to the listener for good; only after {@link UpstreamConnection#tunnel}. */
    void tunnelData(ByteBuf data);

    /** The replica has sent its last byte; only after {@link UpstreamConnection#tunnel}. */
    void tunnelInputEnded();
}
