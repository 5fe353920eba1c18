package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.proxy.ProxyLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

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
        Map<EventLoop, FrontendLoop> loops = loops(proxies, edge);
        Channel channel = new ReflectiveChannelFactory<>(transport.server()).newChannel();
        String place = address.getHostString() + ":" + address.getPort();
        await(register(channel, group, loops), channel, "cannot listen on " + place);
        await(channel.bind(address), channel, "cannot listen on " + place);
        return new Listener(channel, loops.values());
    }

    /**
     * Takes on a socket that listens already, and accepts from it once {@link #accept} is called.
     *
     * @param descriptor of the socket, this object's from now on; shared with another process, it has one queue of clients
     * @param group the event loops, on epoll, each of which {@code proxies} holds
     */
    public static Listener adopt(int descriptor, EventLoopGroup group, Map<EventLoop, ProxyLoop> proxies, Edge edge)
            throws IOException {
        Map<EventLoop, FrontendLoop> loops = loops(proxies, edge);
        Channel channel = new EpollServerSocketChannel(descriptor);
        channel.config().setAutoRead(false);
        await(register(channel, group, loops), channel, "cannot listen on a socket that was handed over");
        return new Listener(channel, loops.values());
    }

    private static Map<EventLoop, FrontendLoop> loops(Map<EventLoop, ProxyLoop> proxies, Edge edge) {
        Map<EventLoop, FrontendLoop> loops = new HashMap<>();
        proxies.forEach(
                (loop, proxy) -> loops.put(loop, new FrontendLoop(loop, proxy, edge.dispatcher(), edge.timeouts())));
        return loops;
    }

    private static ChannelFuture register(Channel channel, EventLoopGroup group, Map<EventLoop, FrontendLoop> loops) {
        channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        channel.pipeline().addLast("acceptor", new Acceptor(group, loops));
        return group.register(channel);
    }

    private static void await(ChannelFuture step, Channel channel, String fault) throws IOException {
        Throwable cause = step.awaitUninterruptibly().cause();
        if (cause != null) {
            channel.close().awaitUninterruptibly();
            throw new IOException(fault + ": " + cause.getMessage(), cause);
        }
    }

    /** What a listener does with its clients. */
    public record Edge(Dispatcher dispatcher, FrontendTimeouts timeouts) {}

    /** The port in use. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Whether clients of {@code wanted} reach this socket; port 0 stands for any. */
    public boolean serves(InetSocketAddress wanted) {
        InetSocketAddress own = (InetSocketAddress) channel.localAddress();
        boolean everywhere = own.getAddress().isAnyLocalAddress()
                && wanted.getAddress() != null
                && wanted.getAddress().isAnyLocalAddress();
        return (wanted.getPort() == 0 || wanted.getPort() == own.getPort())
                && (everywhere || own.getAddress().equals(wanted.getAddress()));
    }

    /** The socket's descriptor, for another process to share; it stays this object's. */
    public int descriptor() {
        return ((UnixChannel) channel).fd().intValue();
    }

    /** Accepts from now on, if it did not before. */
    public void accept() {
        channel.config().setAutoRead(true);
    }

    /** Every connection closes after its next answer; new ones are still accepted. */
    public void leave() {
        loops.forEach(FrontendLoop::leave);
    }

    /** Connections on which no request is under way close now; to be called after {@link #leave}. */
    public void closeIdle() {
        loops.forEach(FrontendLoop::closeIdle);
    }

    /** Has clients that begin to connect from now on wait, while those under way are still accepted. */
    public void lastCall() {
        LastCall.filter(channel);
    }

    /** Clients that are connected and wait to be accepted, as far as the system tells. */
    public int waiting() {
        return LastCall.waiting(channel);
    }

    /** Accepts no more, and has counted all that it has; where another process shares the socket, that one accepts. */
    public void stopAccepting() {
        channel.close().awaitUninterruptibly();
        loops.forEach(FrontendLoop::catchUp);
    }

    /** Client connections that are open. */
    public int open() {
        return loops.stream().mapToInt(FrontendLoop::open).sum();
    }
}
