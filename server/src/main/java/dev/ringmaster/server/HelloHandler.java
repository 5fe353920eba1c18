package dev.ringmaster.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads a request to its end, answers it, goes on with the next, in order. While an answer is delayed,
 * or the client does not read its answers, nothing more is taken from the socket. The end of input is no reason to drop
 * answers: what was asked for in full before it is still answered.
 *
 * <pre>
 *   waiting ──head──> reading ──end of body──> (delayed) ──answer──> waiting
 *                        └── fault ──> answer ───────────┴─ the last one ─> closing ── end of input, or 1 s ──> closed
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes and closes through the channel
final class HelloHandler extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    /** Bodies are read and thrown away; a longer one is refused. */
    static final long MAX_BODY_BYTES = 16L << 20;

    /** How long input is still thrown away after the last answer: closing at once could reset the answer away. */
    static final long LINGER_MILLIS = 1_000;

    private final Answers answers;
    private final Connections connections;
    private final long delayNanos;
    /** The head of the request that is being read or delayed. */
    private @Nullable HttpRequest request;

    private long bodyBytes;
    private @Nullable Future<?> delayed;
    private int unwritten;
    /** Whether nothing that is still to come from the client matters. */
    private boolean closing;

    HelloHandler(Answers answers, Connections connections, Duration delay) {
        this.answers = answers;
        this.connections = connections;
        this.delayNanos = delay.toNanos();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connections.opened(this, ctx.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (delayed != null) {
            delayed.cancel(false);
        }
        if (request != null) {
            request = null;
            connections.requestEnded();
        }
        connections.closed(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!closing) {
                read(ctx, (HttpObject) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext ctx, HttpObject part) {
        if (part instanceof HttpRequest head) {
            begin(ctx, head);
        }
        if (part instanceof HttpContent content && !closing) {
            bodyBytes += content.content().readableBytes();
            if (content.decoderResult().isFailure()) {
                refuse(ctx, Answers.toMalformed(content.decoderResult().cause()));
            } else if (bodyBytes > MAX_BODY_BYTES) {
                refuse(ctx, Answers.BODY_TOO_LARGE);
            } else if (part instanceof LastHttpContent) {
                end(ctx);
            }
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        request = head;
        bodyBytes = 0;
        connections.requestBegan();
        DecoderResult decoded = head.decoderResult();
        Answer fault = decoded.isFailure() ? Answers.toMalformed(decoded.cause()) : Answers.toFaulty(head);
        if (fault != null) {
            refuse(ctx, fault);
        } else if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(Answer.goOn());
        }
    }

    private void end(ChannelHandlerContext ctx) {
        HttpRequest head = Objects.requireNonNull(request, "a body without a head");
        Answer answer = answers.to(head.method(), head.uri());
        if (delayNanos > 0 && answers.isHome(answer)) {
            delayed = ctx.executor().schedule(() -> endDelayed(ctx, head, answer), delayNanos, TimeUnit.NANOSECONDS);
            adjustReading(ctx);
        } else {
            answer(ctx, head, answer);
        }
    }

    private void endDelayed(ChannelHandlerContext ctx, HttpRequest head, Answer answer) {
        delayed = null;
        answer(ctx, head, answer);
        adjustReading(ctx);
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest head, Answer answer) {
        boolean isLast = closing || connections.isDraining() || !HttpUtil.isKeepAlive(head);
        FullHttpResponse response = answer.response(head.method().equals(HttpMethod.HEAD));
        if (!isLast && head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        write(ctx, response, isLast);
    }

    /** Answers a request that could not be understood, or not be read to its end, as the last one. */
    private void refuse(ChannelHandlerContext ctx, Answer answer) {
        HttpRequest head = Objects.requireNonNull(request, "a body without a head");
        write(ctx, answer.response(head.method().equals(HttpMethod.HEAD)), true);
        ctx.flush();
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean isLast) {
        request = null;
        closing = isLast;
        if (isLast) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        unwritten++;
        ctx.write(response).addListener(this);
        if (!ctx.channel().isWritable()) {
            adjustReading(ctx);
        }
    }

    /** An answer was written out, or can no longer be. */
    @Override
    public void operationComplete(ChannelFuture written) {
        unwritten--;
        if (closing && request == null && unwritten == 0 && written.isSuccess()) {
            linger((DuplexChannel) written.channel());
        } else {
            connections.requestEnded();
        }
    }

    /** The last request has ended only when its connection has: an exit before that could reset the answer away. */
    private void linger(DuplexChannel channel) {
        channel.shutdownOutput();
        long millis = channel.isInputShutdown() ? 0 : LINGER_MILLIS;
        Future<?> linger = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> {
            linger.cancel(false);
            connections.requestEnded();
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endOfInput(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The client sends no more: a request without its end is dropped, and the answers before it are the last ones. */
    private void endOfInput(ChannelHandlerContext ctx) {
        closing = true;
        if (request != null && delayed == null) {
            request = null;
            connections.requestEnded();
        }
        if (request == null && unwritten == 0) {
            ctx.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        adjustReading(ctx);
    }

    /** Bounds what a connection can make us hold. Requests already decoded stay in the flow control handler. */
    private void adjustReading(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(delayed == null && ctx.channel().isWritable());
        ctx.flush();
    }

    boolean isIdle() {
        return request == null && unwritten == 0 && !closing;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // a peer that resets its connection is daily business
        if (!(cause instanceof IOException)) {
            System.err.println("ringmaster-server: connection closed: " + cause);
        }
        ctx.close();
    }
}
