package dev.ringmaster.lb.cli.load;

import com.google.common.base.Verify;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A load under way on an event loop of its own. Methods may be called from any thread. */
public final class LoadClient implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;
    private final LoadRun run;

    private LoadClient(MultiThreadIoEventLoopGroup group, LoadRun run) {
        this.group = group;
        this.run = run;
    }

    /** Starts to send. */
    public static LoadClient start(LoadOptions options) {
        return start(options, (_, _) -> {});
    }

    /** Starts to send, and has somebody told of each good answer. */
    public static LoadClient start(LoadOptions options, LoadObserver observer) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        var group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load", true), io);
        EventLoop loop = group.next();
        Bootstrap dialler = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .remoteAddress(options.address())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(options.timeout().toMillis()));
        rehearse();
        LoadRun run = new LoadRun(options, loop, observer);
        loop.execute(() -> run.begin(dialler));
        return new LoadClient(group, run);
    }

    /** Writes and reads once in memory: loading the code for it would count as latency of the first requests. */
    private static void rehearse() {
        EmbeddedChannel rehearsal = new EmbeddedChannel(new HttpResponseDecoder());
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.";
        rehearsal.writeInbound(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII));
        rehearsal.writeOutbound(rehearsal.alloc().directBuffer(1).writeByte('.'));
        rehearsal.finishAndReleaseAll();
    }

    /** Waits for the last outcome; returns whether it has come. */
    public boolean await(Duration patience) throws InterruptedException {
        return run.done().await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many requests have an outcome. */
    public long outcomes() {
        return run.outcomes();
    }

    /** Sends nothing more and forgets what is in flight. */
    public void stop() {
        group.execute(run::interrupt);
    }

    /** What came of it; to be asked for after its end. */
    public LoadReport report() {
        Verify.verify(run.done().isSuccess(), "the load still runs");
        return run.done().getNow();
    }

    @Override
    public void close() {
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
