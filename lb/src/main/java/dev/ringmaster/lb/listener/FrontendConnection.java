package dev.ringmaster.lb.listener;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Output;
import dev.ringmaster.lb.http.Peer;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestReader;
import dev.ringmaster.lb.http.RequestSink;
import dev.ringmaster.lb.proxy.Downstream;
import dev.ringmaster.lb.proxy.RequestHandler;
import dev.ringmaster.lb.proxy.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its requests one after another, each given to a {@link RequestHandler} that answers through
 * this object.
 *
 * <pre>
 *  channelRead ─> ahead ─> process ─> reader ─> requestHead ─> handler.start … requestBody … requestEnd
 *                  ↑          ↑                                     └─ answer ─> exchangeEnded ─┐
 *                  │          └──────────────── next request ───────────────────────────────────┤
 *                  └─ waits, bounded, while a request is under way                 linger <─────┘ last one
 * </pre>
 *
 * A handler may end its exchange in the middle of any call, {@code start} included. Event loop only.
 */
final class FrontendConnection extends ChannelInboundHandlerAdapter implements RequestSink, Downstream {
    static final int NOWHERE = -1;
    private static final int MOST_AHEAD = 64 << 10;
    private static final int MOST_AHEAD_OF_UPGRADE = 16 << 10;
    /** What a connection has that needs none: idle for ever. */
    private static final RequestReader NO_READER = new RequestReader(0);

    private final Channel channel;
    private final FrontendLoop loop;
    private final Output output;
    private final Peer peer;
    private final FrontendClock clock;
    /** One of the loop's from the first byte of a request until its exchange has ended. */
    private RequestReader reader = NO_READER;

    private @Nullable RequestHandler handler;
    private @Nullable Linger linger;
    private @Nullable ByteBuf ahead;
    private boolean wanted = true;
    private boolean reading = true;
    private boolean upgrading;
    private boolean lastRequest;
    private @Nullable Tunnel tunnel;
    private boolean inputEnded;
    private boolean processing;
    /** Of this connection among the loop's; {@link #NOWHERE} before it is open and after it. */
    int place = NOWHERE;

    FrontendConnection(Channel channel, InetAddress peer, FrontendLoop loop) {
        this.channel = channel;
        this.peer = new Peer(peer);
        this.loop = loop;
        this.output = new Output(channel, loop.bytesOut());
        this.clock = new FrontendClock(loop.timeouts());
    }

    // ---- input --------------------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        loop.bytesIn(data.readableBytes());
        if (linger != null) {
            linger.discard(data);
        } else if (tunnel != null && handler != null) {
            tunnel.toReplica(data);
        } else {
            ahead = ahead == null ? data : MERGE_CUMULATOR.cumulate(channel.alloc(), ahead, data);
            process();
        }
    }

    /** Reads requests for as long as there is input and nobody is busy with one. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (ahead != null && ahead.isReadable() && mayRead()) {
                clock.reading(reader.idle());
                if (reader == NO_READER) {
                    reader = loop.readers().take();
                }
                reader.read(ahead, this);
            }
        } catch (MalformedMessage fault) {
            malformed(fault);
        } finally {
            processing = false;
        }
        settle();
    }

    private boolean mayRead() {
        if (linger != null || tunnel != null || !channel.isActive()) {
            return false;
        }
        freeReader();
        // Whoever does not take answers gets no more of them: what is written would pile up.
        return !reader.ended() && (!reader.idle() || channel.isWritable());
    }

    private void freeReader() {
        if (handler == null && reader.ended()) {
            reader.next();
            loop.readers().free(reader);
            reader = NO_READER;
        }
    }

    /** Leaves things in order once there is nothing more to read for now. */
    private void settle() {
        if (ahead != null && (linger != null || !ahead.isReadable())) {
            ahead.release();
            ahead = null;
        }
        freeReader();
        if (linger != null) {
            return;
        }
        if (inputEnded && handler == null && ahead == null) {
            linger();
        } else {
            read();
        }
    }

    /** Reads on or pauses: both the handler's wish and the room for what comes ahead decide. */
    private void read() {
        int most = upgrading ? MOST_AHEAD_OF_UPGRADE : MOST_AHEAD;
        boolean now = wanted && (ahead == null || ahead.readableBytes() < most);
        if (reading != now) {
            reading = now;
            channel.config().setAutoRead(now);
        }
    }

    @Override
    public void requestHead(RequestHead head) {
        upgrading = head.websocket();
        lastRequest = !head.keepAlive();
        RequestHandler taken = loop.handler(this, head);
        handler = taken;
        taken.start();
    }

    @Override
    public void requestBody(ByteBuf data) {
        if (handler != null) {
            handler.requestBody(data);
            return;
        }
        // The answer came before the request's end. What is left is little: else it would have ended the connection.
        data.release();
    }

    @Override
    public void requestEnd(Fields trailers) {
        if (handler != null) {
            handler.requestEnd(trailers);
        }
    }

    private void malformed(MalformedMessage fault) {
        if (handler != null) {
            handler.requestMalformed(fault);
        } else if (reader.inHead()) {
            refuse(fault.status(), fault.text());
        } else if (linger == null) {
            // The rest of a request that has its answer already: a second one would pass for the next request's.
            linger();
        }
    }

    /** Answers what no handler has taken and closes. */
    private void refuse(int status, String text) {
        Reply reply = Reply.error(status, text);
        reply.write(output.room(256), false, 1, true);
        loop.refused(peer.address(), reply, clock.headNanos());
        linger();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (handler != null) {
            handler.flush();
        }
        output.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (linger != null) {
                linger.inputEnded();
            } else if (handler == null) {
                settle();
            } else if (tunnel != null) {
                tunnel.clientEnded();
            } else if (!reader.ended()) {
                // A request that will never be complete.
                channel.close();
            }
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (handler != null) {
            handler.clientWritable(channel.isWritable());
        } else if (channel.isWritable()) {
            goOn();
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
        output.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
    }

    /** Closes because of what the network or a mistake of ours did. */
    void fail(Throwable cause) {
        loop.failed(peer.address(), cause);
        channel.close();
    }

    // ---- what handlers see --------------------------------------------------------------------------------------

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public ByteBuf room(int estimate) {
        return output.room(estimate);
    }

    @Override
    public void write(ByteBuf data) {
        clock.restart();
        output.write(data);
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void setReading(boolean wish) {
        if (wanted != wish) {
            wanted = wish;
            clock.restart();
            read();
        }
    }

    @Override
    public boolean leaving() {
        return loop.leaving() || (inputEnded && (ahead == null || !ahead.isReadable()));
    }

    @Override
    public void tunnel(Tunnel upgraded) {
        ByteBuf early = ahead;
        tunnel = upgraded;
        ahead = null;
        setReading(true);
        read();
        if (early != null) {
            upgraded.toReplica(early);
        }
        if (handler != null && inputEnded) {
            upgraded.clientEnded();
        }
    }

    @Override
    public void shutdownOutput(Runnable ended) {
        output.end(ended);
    }

    @Override
    public void exchangeEnded(End end) {
        handler = null;
        wanted = true;
        clock.restart();
        switch (end) {
            case KEEP_ALIVE -> {
                output.flush();
                goOn();
            }
            case CLOSE -> linger();
            case CUT -> channel.close();
            case RESET -> {
                if (channel.isOpen()) {
                    channel.config().setOption(ChannelOption.SO_LINGER, 0);
                }
                channel.close();
            }
        }
    }

    /** Takes up what has come ahead; what a handler passes on is flushed, because no read of this connection's will. */
    private void goOn() {
        if (!processing) {
            process();
            if (handler != null) {
                handler.flush();
            }
        }
    }

    // ---- end ----------------------------------------------------------------------------------------------------

    private void linger() {
        // Who has sent all of a request and called it the last one sends nothing that could meet a closed socket.
        boolean silent = lastRequest && reader.ended() && (ahead == null || !ahead.isReadable());
        Linger end = new Linger(channel, clock, inputEnded || silent);
        linger = end;
        end.start(output);
    }

    /** Looks at the clock; called now and then. */
    void tick(long now) {
        clock.look(now, Math.max(0, output.pending()));
        if (clock.outputStuck(now)) {
            channel.close();
        } else if (handler != null) {
            tick(handler, now);
        } else if (linger != null ? linger.over(now) : clock.idleOver(now)) {
            channel.close();
        } else if (linger == null && reader.inHead() && clock.headOver(now)) {
            refuse(408, "Request header was not complete in time");
        }
    }

    private void tick(RequestHandler busy, long now) {
        if (wanted && !reader.ended() && clock.bodyOver(now)) {
            busy.requestTimedOut();
        } else {
            busy.tick(now);
        }
    }

    /** The balancer is leaving: ends at once if no request is under way, and none that was promised by connecting. */
    void closeIfIdle(long now) {
        if (handler == null && linger == null && reader.idle() && ahead == null && !clock.fresh(now)) {
            linger();
        }
    }
}
