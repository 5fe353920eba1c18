package dev.ringmaster.lb.health;

import com.google.common.net.HostAndPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** A heartbeat over HTTP, on a fresh connection each time, so that a full backlog or a lost listener shows. */
public final class HttpProbe implements HeartbeatProbe {
    private final EventLoopGroup loops;
    private final Bootstrap bootstrap;
    private final IntPredicate alive;

    /**
     * Probes on the given event loops.
     *
     * @param alive which status means that the replica is alive
     */
    public HttpProbe(EventLoopGroup loops, Class<? extends Channel> channelType, IntPredicate alive) {
        this.loops = loops;
        this.alive = alive;
        this.bootstrap = new Bootstrap()
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, true)
                // A heartbeat has a timer of its own, for the connection and for the answer.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    }

    @Override
    public void probe(InetSocketAddress address, HealthOptions options, Consumer<ProbeResult> outcome) {
        EventLoop loop = loops.next();
        long due = System.nanoTime() + options.timeout().toNanos();
        Heartbeat heartbeat = new Heartbeat(request(address, options.path()), due, alive, outcome);
        try {
            loop.execute(() -> heartbeat.send(bootstrap.clone(loop).remoteAddress(address), loop));
        } catch (RejectedExecutionException stopped) {
            outcome.accept(ProbeResult.VOID);
        }
    }

    static String request(InetSocketAddress address, String path) {
        HostAndPort host = HostAndPort.fromParts(address.getHostString(), address.getPort());
        return "GET " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: ringmaster-heartbeat\r\nConnection: close\r\n\r\n";
    }
}
