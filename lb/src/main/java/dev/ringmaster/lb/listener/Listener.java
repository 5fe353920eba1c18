package dev.ringmaster.lb.listener;

import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.proxy.ProxyLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A port that clients connect to, and their connections. */
public final class Listener {
    private static final int BACKLOG = 4096;

    private final Channel channel;
    private final Collection<FrontendLoop> loops;

    private Listener(Channel channel, Collection<FrontendLoop> loops) {
        this.channel = channel;
        this.loops = loops;
    }

    /**
     * Listens on an address.
     *
     * @param group the event loops, each of which {@code proxies} holds
     * @param edge who takes requests, and how long clients may take
     * @throws IOException if the address cannot be used, with a message that names it
     */
    public static Listener bind(
            InetSocketAddress address,
            EventLoopGroup group,
            Transports transport,
            Map<EventLoop, ProxyLoop> proxies,
            Edge edge)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": unknown host");
        }
        Map<EventLoop, FrontendLoop> loops = new HashMap<>();
        proxies.forEach(
                (loop, proxy) -> loops.put(loop, new FrontendLoop(loop, proxy, edge.dispatcher(), edge.timeouts())));
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new FrontendPipeline(child -> new FrontendConnection(
                        child, peer(child), Objects.requireNonNull(loops.get(child.eventLoop())))));
        var binding = bootstrap.bind(address).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + binding.cause().getMessage(),
                    binding.cause());
        }
        return new Listener(binding.channel(), loops.values());
    }

    /** What a listener does with its clients. */
    public record Edge(Dispatcher dispatcher, FrontendTimeouts timeouts) {}

    /** The other end's address; one that nobody trusts if it went away before it was known. */
    private static InetAddress peer(Channel client) {
        return client.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddresses.forString("0.0.0.0");
    }

    /** The port in use. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Every connection closes after the request under way; new ones are still accepted. */
    public void leave() {
        loops.forEach(FrontendLoop::leave);
    }

    /** Accepts no more. */
    public void stopAccepting() {
        channel.close().awaitUninterruptibly();
    }

    /** Client connections that are open. */
    public int open() {
        return loops.stream().mapToInt(FrontendLoop::open).sum();
    }
}
