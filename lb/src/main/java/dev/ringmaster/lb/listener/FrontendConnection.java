package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestReader;
import dev.ringmaster.lb.http.RequestSink;
import dev.ringmaster.lb.proxy.Downstream;
import dev.ringmaster.lb.proxy.RequestHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its requests one after another, each given to a {@link RequestHandler} that answers through
 * this object. What a client sends ahead waits in {@link #ahead}, bounded. Event loop only.
 */
final class FrontendConnection extends ChannelInboundHandlerAdapter implements RequestSink, Downstream {
    private static final int MOST_AHEAD = 64 << 10;
    private static final int MOST_AHEAD_OF_UPGRADE = 16 << 10;
    private static final int MOST_DISCARDED = 64 << 10;

    private final Channel channel;
    private final FrontendLoop loop;
    private final RequestReader reader;
    private final FrontendClock clock = new FrontendClock();
    private @Nullable RequestHandler handler;
    private @Nullable ByteBuf ahead;
    private boolean upgrading;
    private boolean tunnelled;
    private boolean inputEnded;
    private boolean lingering;
    private boolean processing;
    private int discarded;

    FrontendConnection(Channel channel, FrontendLoop loop) {
        this.channel = channel;
        this.loop = loop;
        this.reader = new RequestReader(this, loop.maxBody());
    }

    // ---- input --------------------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (lingering) {
            discard(data);
        } else if (tunnelled && handler != null) {
            handler.tunnelFromClient(data);
        } else {
            ahead = ahead == null ? data : joined(ahead, data);
            process();
        }
    }

    private ByteBuf joined(ByteBuf first, ByteBuf second) {
        ByteBuf both = channel.alloc().buffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    /** Reads requests for as long as there is input and nobody is busy with one. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (ahead != null && ahead.isReadable() && !lingering && mayRead()) {
                clock.reading(reader.idle());
                reader.read(ahead);
            }
        } catch (MalformedMessage fault) {
            malformed(fault);
        } finally {
            processing = false;
        }
        if (ahead != null && (lingering || !ahead.isReadable())) {
            ahead.release();
            ahead = null;
        } else if (ahead != null && tunnelled && handler != null) {
            ByteBuf early = ahead;
            ahead = null;
            handler.tunnelFromClient(early);
        }
    }

    /** Whether the reader may take more; it starts on the next request once the one before is answered. */
    private boolean mayRead() {
        if (!reader.ended()) {
            return true;
        }
        if (handler == null && !tunnelled) {
            reader.next();
            return true;
        }
        if (ahead != null && ahead.readableBytes() >= (upgrading ? MOST_AHEAD_OF_UPGRADE : MOST_AHEAD)) {
            channel.config().setAutoRead(false);
        }
        return false;
    }

    @Override
    public void requestHead(RequestHead head) {
        discarded = 0;
        upgrading = head.websocket();
        RequestHandler taken = loop.handler(this, head);
        handler = taken;
        taken.start();
    }

    @Override
    public void requestBody(ByteBuf data) {
        if (handler == null) {
            discard(data);
        } else {
            handler.requestBody(data);
        }
    }

    @Override
    public void requestEnd(Fields trailers) {
        if (handler != null) {
            handler.requestEnd(trailers);
        }
    }

    /** Input after the answer: a little is taken so that the client can read the answer, then it is enough. */
    private void discard(ByteBuf data) {
        discarded += data.readableBytes();
        data.release();
        if (discarded > MOST_DISCARDED) {
            if (lingering) {
                channel.close();
            } else {
                linger();
            }
        }
    }

    private void malformed(MalformedMessage fault) {
        if (handler != null) {
            handler.requestMalformed(fault);
        } else {
            refuse(fault.status(), fault.text());
        }
    }

    /** Answers what no handler has taken and closes. */
    private void refuse(int status, String text) {
        Reply reply = Reply.error(status, text);
        ByteBuf out = channel.alloc().ioBuffer(256);
        reply.write(out, false, 1, true);
        loop.refused(peer(), status, out.readableBytes(), clock.headNanos());
        write(out);
        linger();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (handler != null) {
            handler.flush();
        }
        channel.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (tunnelled && handler != null) {
                handler.tunnelFromClientEnded();
            } else if (handler == null || !reader.ended()) {
                channel.close();
            }
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (handler != null) {
            handler.clientWritable(channel.isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.closed(this);
        if (handler != null) {
            handler.abort();
        }
        if (ahead != null) {
            ahead.release();
            ahead = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.failed(peer(), cause);
        channel.close();
    }

    // ---- what handlers see --------------------------------------------------------------------------------------

    @Override
    public InetAddress peer() {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    @Override
    public void write(ByteBuf data) {
        channel.write(data, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void setReading(boolean wanted) {
        channel.config().setAutoRead(wanted);
    }

    @Override
    public boolean leaving() {
        return loop.leaving() || inputEnded;
    }

    @Override
    public void tunnel() {
        tunnelled = true;
        setReading(true);
        process();
    }

    @Override
    public void shutdownOutput() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
    }

    @Override
    public void exchangeEnded(End end) {
        handler = null;
        clock.idle();
        switch (end) {
            case KEEP_ALIVE -> {
                channel.flush();
                setReading(true);
                process();
            }
            case CLOSE -> linger();
            case CUT -> channel.close();
            case RESET -> {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            }
        }
    }

    // ---- end ----------------------------------------------------------------------------------------------------

    /** Ends the output and takes a little more input, so that no reset destroys the answer on its way. */
    private void linger() {
        lingering = true;
        clock.linger();
        channel.flush();
        if (inputEnded) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
        } else {
            setReading(true);
            shutdownOutput();
        }
    }

    /** Looks at the clock; called now and then. */
    void tick(long now) {
        if (handler != null) {
            handler.tick(now);
        } else if (lingering ? clock.lingerOver(now) : clock.idleOver(now)) {
            channel.close();
        } else if (!lingering && reader.inHead() && clock.headOver(now)) {
            refuse(408, "Request header was not complete in time");
            channel.flush();
        }
    }

    /** The balancer is leaving: closes at once if no request is under way. */
    void closeIfIdle() {
        if (handler == null && !lingering && reader.idle()) {
            channel.close();
        }
    }
}
