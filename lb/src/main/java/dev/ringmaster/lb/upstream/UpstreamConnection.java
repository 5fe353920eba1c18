package dev.ringmaster.lb.upstream;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Output;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.http.ResponseReader;
import dev.ringmaster.lb.http.ResponseSink;
import dev.ringmaster.lb.http.Spares;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.LoopMetrics;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a replica. It is either leased, then its {@link UpstreamListener} hears what comes, or idle in its
 * pool, then anything that comes closes it.
 *
 * <p>A write that fails does so within the call, so that {@link UpstreamListener#upstreamFailed} may be heard before
 * {@link #write} or {@link #flush} returns. Event loop only.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements ResponseSink {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);

    private final Replica replica;
    private final ReplicaPool pool;
    private final LoopMetrics metrics;
    private final Spares<ResponseReader> readers;
    /** From a response's first byte until its end was told; for good in a tunnel, or if it was cut. */
    private @Nullable ResponseReader reader;

    private @Nullable Channel channel;
    private @Nullable Output output;
    private @Nullable UpstreamListener listener;
    private @Nullable Fields endedWith;
    private boolean expecting;
    private boolean headRequest;
    private boolean pooled;
    private boolean heard;
    private boolean tunnelled;
    private boolean broken;
    private boolean deaf;
    long idleSince;
    long keepUntil;

    UpstreamConnection(Replica replica, ReplicaPool pool, Spares<ResponseReader> readers, LoopMetrics metrics) {
        this.replica = replica;
        this.pool = pool;
        this.readers = readers;
        this.metrics = metrics;
    }

    /** The replica at the other end. */
    public Replica replica() {
        return replica;
    }

    /**
     * Whether it has served a request before this lease and not said a byte since: if it broke, then most likely before
     * the lease began.
     */
    public boolean stale() {
        return pooled && !heard;
    }

    /** Whether writing may go on without piling up in memory. */
    public boolean writable() {
        return deaf || channel().isWritable();
    }

    /** Whether all that was written is on its way. */
    public boolean sent() {
        return output().pending() == 0;
    }

    /** Announces a request whose response is to be read; its bytes come next by {@link #write}. */
    public void expect(boolean toHeadRequest) {
        heard = false;
        expecting = true;
        headRequest = toHeadRequest;
    }

    /** Writes without flushing; takes ownership. */
    public void write(ByteBuf data) {
        if (deaf) {
            data.release();
            return;
        }
        output().write(data);
    }

    /** Where to append a request's head; not to be kept. */
    public ByteBuf room(int estimate) {
        return output().room(estimate);
    }

    public void flush() {
        output().flush();
    }

    /** Starts or stops reading: back pressure of the client. */
    public void setReading(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }

    /** From now on bytes pass both ways as they are. */
    public void tunnel() {
        tunnelled = true;
    }

    /** Ends the output of a tunnel; {@code ended} runs once all that was written before is on its way. */
    public void shutdownOutput(Runnable ended) {
        output().end(ended);
    }

    /**
     * Gives the connection back after a complete response; one that came before all of its request was on its way, or
     * that is closed, is discarded.
     *
     * @param keepAliveSeconds what the replica said in {@code Keep-Alive: timeout=}; -1 if it did not
     */
    public void release(long keepAliveSeconds) {
        if (broken || !sent()) {
            discard();
            return;
        }
        listener = null;
        pooled = true;
        setReading(true);
        pool.putIdle(this, keepAliveSeconds);
    }

    /** Closes the connection: it cannot carry another request. */
    public void discard() {
        listener = null;
        broken = true;
        pool.remove(this);
        channel().close();
    }

    void lease(UpstreamListener holder) {
        listener = holder;
    }

    private Output output() {
        if (output == null) {
            throw new IllegalStateException("not connected");
        }
        return output;
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        output = new Output(ctx.channel(), bytes -> metrics.add(Counter.REPLICA_BYTES_OUT, bytes));
    }

    // ---- input --------------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            metrics.add(Counter.REPLICA_BYTES_IN, in.readableBytes());
            broken |= endedWith != null;
            tellEnd();
            if (listener == null) {
                // An idle connection has nothing to say: its next response could not be trusted.
                discard();
            } else {
                heard = true;
                read(in);
            }
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        if (!tunnelled) {
            try {
                reader().read(in);
            } catch (MalformedMessage fault) {
                fail(fault);
                return;
            }
        }
        if (tunnelled && in.isReadable() && listener != null) {
            listener.tunnelData(in.readRetainedSlice(in.readableBytes()));
            return;
        }
        // Bytes after the response's end belong to no request: relay what is whole, use the connection no more.
        broken |= in.isReadable();
        // A buffer that is full may not be all that has come: the next one, or its absence, tells.
        if (broken || in.isWritable()) {
            tellEnd();
        }
    }

    private ResponseReader reader() {
        ResponseReader open = reader;
        if (open == null) {
            open = readers.take();
            reader = open;
            if (expecting) {
                expecting = false;
                open.expect(headRequest, this);
            }
        }
        return open;
    }

    /** Tells a complete response's end; whoever hears it may lease the connection again at once. */
    private void tellEnd() {
        Fields trailers = endedWith;
        ResponseReader done = reader;
        if (trailers == null || done == null) {
            return;
        }
        endedWith = null;
        reader = null;
        if (listener != null) {
            listener.responseEnd(trailers);
        }
        done.forget();
        readers.free(done);
    }

    @Override
    public void responseHead(ResponseHead head) {
        if (listener != null) {
            listener.responseHead(head);
        }
    }

    @Override
    public void responseBody(ByteBuf data) {
        if (listener != null) {
            listener.responseBody(data);
        } else {
            data.release();
        }
    }

    @Override
    public void responseEnd(Fields trailers) {
        endedWith = trailers;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        tellEnd();
        if (listener != null) {
            listener.upstreamReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.upstreamWritable(ctx.channel().isWritable());
        }
    }

    // ---- end ----------------------------------------------------------------------------------------------------

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new IOException("connection closed"));
        output().release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean network = cause instanceof IOException || cause instanceof NotYetConnectedException;
        if (!network) {
            LOG.error("replica={} failed", replica.name(), cause);
        }
        if (network && listener != null && !tunnelled && takesNoMore(ctx.channel())) {
            listenOn(listener);
        } else {
            fail(cause);
        }
    }

    /** The answer may have come before the replica stopped listening, as to a refused upload: it is read to its end. */
    private void listenOn(UpstreamListener holder) {
        if (!deaf) {
            deaf = true;
            broken = true;
            holder.upstreamWritable(true);
        }
    }

    /** Whether a write has failed: the output is gone, the input is not. */
    private static boolean takesNoMore(Channel channel) {
        return channel.isOpen() && channel.unsafe().outboundBuffer() == null;
    }

    private void inputEnded() {
        broken = true;
        if (listener == null) {
            discard();
        } else if (tunnelled) {
            listener.tunnelInputEnded();
        } else {
            if (endsBody()) {
                tellEnd();
            }
            // A cut, not a breach of the rules: whether it may be tried again is the holder's to say.
            fail(new IOException("connection closed by replica"));
        }
    }

    private boolean endsBody() {
        if (reader == null) {
            return !expecting;
        }
        try {
            reader.inputClosed();
            return true;
        } catch (MalformedMessage cut) {
            return false;
        }
    }

    private void fail(Throwable cause) {
        broken = true;
        tellEnd();
        UpstreamListener holder = listener;
        discard();
        if (holder != null) {
            holder.upstreamFailed(cause);
        }
    }
}
