package dev.ringmaster.lb.health;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.replica.ConnectFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** A heartbeat over HTTP, on a fresh connection each time, so that a full backlog or a lost listener shows. */
public final class HttpProbe implements HeartbeatProbe {
    private static final Duration STALL = Duration.ofMillis(250);

    private final EventLoopGroup loops;
    private final Class<? extends Channel> channelType;
    private final IntPredicate alive;

    /**
     * Probes on the given event loops.
     *
     * @param alive which status means that the replica is alive
     */
    public HttpProbe(EventLoopGroup loops, Class<? extends Channel> channelType, IntPredicate alive) {
        this.loops = loops;
        this.channelType = channelType;
        this.alive = alive;
    }

    @Override
    public void probe(InetSocketAddress address, HealthOptions options, Consumer<ProbeResult> outcome) {
        int timeoutMillis = Math.toIntExact(options.timeout().toMillis());
        EventLoop loop = loops.next();
        Answer answer = new Answer(outcome);
        // On the loop, not on the channel: one that could not even be opened, for want of descriptors, has no loop.
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ProbePipeline(answer))
                .connect(address);
        Channel channel = connecting.channel();
        long due = System.nanoTime() + options.timeout().toNanos();
        try {
            loop.schedule(() -> answer.give(channel, silence(due)), timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            answer.give(channel, ProbeResult.VOID);
        }
        connecting.addListener(_ -> {
            Throwable failure = connecting.cause();
            if (failure == null) {
                channel.writeAndFlush(request(address, options.path()));
            } else {
                answer.give(channel, judge(failure));
            }
        });
    }

    /** A loop that comes to its timer late was held up, and may not have got to the answer, either. */
    private static ProbeResult silence(long due) {
        return System.nanoTime() - due > STALL.toNanos() ? ProbeResult.VOID : ProbeResult.SILENT;
    }

    /** Only the peer's and the network's word counts. */
    private static ProbeResult judge(Throwable failure) {
        return switch (ConnectFailure.of(failure)) {
            case REFUSED -> ProbeResult.REFUSED;
            case SILENT -> ProbeResult.SILENT;
            case OURS -> ProbeResult.VOID;
        };
    }

    static DefaultFullHttpRequest request(InetSocketAddress address, String path) {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers()
                .set(
                        HttpHeaderNames.HOST,
                        HostAndPort.fromParts(address.getHostString(), address.getPort())
                                .toString())
                .set(HttpHeaderNames.USER_AGENT, "ringmaster-heartbeat")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return request;
    }

    private static final class ProbePipeline extends ChannelInitializer<Channel> {
        private final Answer answer;

        ProbePipeline(Answer answer) {
            this.answer = answer;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast("codec", new HttpClientCodec()).addLast("heartbeat", answer);
        }
    }

    /** Waits for the status line and tells once. */
    private final class Answer extends SimpleChannelInboundHandler<HttpObject> {
        private final Consumer<ProbeResult> outcome;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(Consumer<ProbeResult> outcome) {
            this.outcome = outcome;
        }

        void give(Channel channel, ProbeResult result) {
            if (given.compareAndSet(false, true)) {
                outcome.accept(result);
                if (channel.isRegistered()) {
                    channel.close();
                }
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
            if (message instanceof HttpResponse response) {
                boolean valid = response.decoderResult().isSuccess()
                        && alive.test(response.status().code());
                give(ctx.channel(), valid ? ProbeResult.ALIVE : ProbeResult.UNHEALTHY);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            give(ctx.channel(), ProbeResult.UNHEALTHY);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            give(ctx.channel(), ProbeResult.UNHEALTHY);
        }
    }
}
