package dev.ringmaster.lb.upstream;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.http.ResponseReader;
import dev.ringmaster.lb.http.ResponseSink;
import dev.ringmaster.lb.replica.Replica;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a replica. It is either leased, then its {@link UpstreamListener} hears what comes, or idle in its
 * pool, then anything that comes closes it. Event loop only.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements ResponseSink {
    private final Replica replica;
    private final ReplicaPool pool;
    private final ResponseReader reader = new ResponseReader(this);
    private @Nullable Channel channel;
    private @Nullable UpstreamListener listener;
    private @Nullable Fields endedWith;
    private boolean pooled;
    private boolean tunnelled;
    private boolean broken;
    long idleSince;
    long keepUntil;

    UpstreamConnection(Replica replica, ReplicaPool pool) {
        this.replica = replica;
        this.pool = pool;
    }

    /** The replica at the other end. */
    public Replica replica() {
        return replica;
    }

    /** Whether the connection has served a request before this lease, so that it may have died unnoticed since. */
    public boolean pooled() {
        return pooled;
    }

    /** Whether writing may go on without piling up in memory. */
    public boolean writable() {
        return channel().isWritable();
    }

    /** Announces a request whose response is to be read; its bytes come next by {@link #write}. */
    public void expect(boolean headRequest) {
        reader.expect(headRequest);
    }

    /** Writes without flushing; takes ownership. */
    public void write(ByteBuf data) {
        channel().write(data, channel().voidPromise());
    }

    public void flush() {
        channel().flush();
    }

    /** Starts or stops reading: back pressure of the client. */
    public void setReading(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }

    /** From now on bytes pass both ways as they are. */
    public void tunnel() {
        tunnelled = true;
    }

    /** Ends the output of a tunnel; what was written before still arrives. */
    public void shutdownOutput() {
        DuplexChannel duplex = (DuplexChannel) channel();
        duplex.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> duplex.shutdownOutput());
    }

    /**
     * Gives the connection back after a complete response.
     *
     * @param keepAliveSeconds what the replica said in {@code Keep-Alive: timeout=}; -1 if it did not
     */
    public void release(long keepAliveSeconds) {
        listener = null;
        if (broken || !channel().isActive()) {
            channel().close();
            return;
        }
        pooled = true;
        setReading(true);
        pool.putIdle(this, keepAliveSeconds);
    }

    /** Closes the connection: it cannot carry another request. */
    public void discard() {
        listener = null;
        channel().close();
    }

    void lease(UpstreamListener holder) {
        listener = holder;
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
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (listener == null) {
                // An idle connection has nothing to say: its next response could not be trusted.
                broken = true;
                ctx.close();
            } else {
                read(in);
            }
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        if (!tunnelled) {
            try {
                reader.read(in);
            } catch (RuntimeException malformed) {
                fail(malformed);
                return;
            }
        }
        if (tunnelled && in.isReadable() && listener != null) {
            listener.tunnelData(in.readRetainedSlice(in.readableBytes()));
            return;
        }
        // Bytes after the response's end belong to no request: relay what is whole, use the connection no more.
        broken |= in.isReadable();
        tellEnd();
    }

    /** Tells a complete response's end; whoever hears it may lease the connection again at once. */
    private void tellEnd() {
        Fields trailers = endedWith;
        endedWith = null;
        if (trailers != null && listener != null) {
            listener.responseEnd(trailers);
        }
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

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pool.closed(this);
        inputEnded();
        fail(new IOException("connection closed by replica"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
    }

    private void inputEnded() {
        UpstreamListener holder = listener;
        broken = true;
        if (holder == null) {
            channel().close();
        } else if (tunnelled) {
            holder.tunnelInputEnded();
        } else if (endsBody()) {
            tellEnd();
        }
        if (listener != null && !tunnelled) {
            // A cut, not a breach of the rules: whether it may be tried again is the holder's to say.
            fail(new IOException("connection closed by replica"));
        }
    }

    private boolean endsBody() {
        try {
            reader.inputClosed();
            return true;
        } catch (MalformedMessage cut) {
            return false;
        }
    }

    private void fail(Throwable cause) {
        UpstreamListener holder = listener;
        listener = null;
        broken = true;
        channel().close();
        if (holder != null) {
            holder.upstreamFailed(cause);
        }
    }
}
