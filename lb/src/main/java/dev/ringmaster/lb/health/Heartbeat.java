package dev.ringmaster.lb.health;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.http.ResponseReader;
import dev.ringmaster.lb.http.ResponseSink;
import dev.ringmaster.lb.replica.ConnectFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One heartbeat: connects, asks, waits for the answer's head, and tells once. The answer is read as requests' answers are,
 * by code that is warm from them: a heartbeat is rare, and what is rare is slow. Event loop only.
 */
final class Heartbeat extends ChannelInboundHandlerAdapter implements ResponseSink {
    private static final Duration STALL = Duration.ofMillis(250);
    private static final int SWITCHED = 101;

    private final String request;
    private final long due;
    private final IntPredicate alive;
    private final Consumer<ProbeResult> outcome;
    private final ResponseReader reader = new ResponseReader();
    private @Nullable Channel channel;
    private @Nullable Future<?> timer;
    private boolean told;

    /** @param due by when it is to be answered, on the clock of {@link System#nanoTime} */
    Heartbeat(String request, long due, IntPredicate alive, Consumer<ProbeResult> outcome) {
        this.request = request;
        this.due = due;
        this.alive = alive;
        this.outcome = outcome;
    }

    /** Begins, unless the loop was held up until its time was over. */
    void send(Bootstrap bootstrap, EventLoop loop) {
        long left = due - System.nanoTime();
        if (left <= 0) {
            tell(ProbeResult.VOID);
            return;
        }
        timer = loop.schedule(() -> tell(silence()), left, TimeUnit.NANOSECONDS);
        ChannelFuture connecting = bootstrap.handler(this).connect();
        channel = connecting.channel();
        if (connecting.isDone()) {
            // Here, as a channel that could not even be opened, for want of descriptors, has no loop.
            connected(connecting);
        } else {
            connecting.addListener(_ -> connected(connecting));
        }
    }

    private void connected(ChannelFuture connecting) {
        Throwable failure = connecting.cause();
        if (failure != null) {
            tell(judge(failure));
        }
    }

    /** Only the peer's and the network's word counts. */
    private static ProbeResult judge(Throwable failure) {
        return switch (ConnectFailure.of(failure)) {
            case REFUSED -> ProbeResult.REFUSED;
            case SILENT -> ProbeResult.SILENT;
            case OURS -> ProbeResult.VOID;
        };
    }

    /** A loop that comes to its timer late was held up, and may not have got to the answer, either. */
    private ProbeResult silence() {
        return System.nanoTime() - due > STALL.toNanos() ? ProbeResult.VOID : ProbeResult.SILENT;
    }

    private void tell(ProbeResult result) {
        if (told) {
            return;
        }
        told = true;
        if (timer != null) {
            timer.cancel(false);
        }
        outcome.accept(result);
        if (channel != null && channel.isRegistered()) {
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        reader.expect(false, this);
        ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!told) {
                reader.read(in);
            }
        } catch (MalformedMessage fault) {
            tell(ProbeResult.UNHEALTHY);
        } finally {
            in.release();
        }
    }

    @Override
    public void responseHead(ResponseHead head) {
        if (!head.informational() || head.status() == SWITCHED) {
            tell(alive.test(head.status()) ? ProbeResult.ALIVE : ProbeResult.UNHEALTHY);
        }
    }

    @Override
    public void responseBody(ByteBuf data) {
        data.release();
    }

    @Override
    public void responseEnd(Fields trailers) {
        // Its head has said all.
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tell(ProbeResult.UNHEALTHY);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        tell(ProbeResult.UNHEALTHY);
    }
}
