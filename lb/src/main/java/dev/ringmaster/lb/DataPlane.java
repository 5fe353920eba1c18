package dev.ringmaster.lb;

import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.listener.Dispatcher;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.listener.Transports;
import dev.ringmaster.lb.proxy.ProxyLoop;
import dev.ringmaster.lb.replica.ReplicaObserver;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.ProxyMetrics;
import dev.ringmaster.lb.upstream.UpstreamPools;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The event loops with what each of them needs to serve requests, and the listeners on them. */
final class DataPlane implements AutoCloseable {
    private final Transports transport;
    private final EventLoopGroup group;
    private final Map<EventLoop, ProxyLoop> loops = new LinkedHashMap<>();

    private DataPlane(Transports transport, EventLoopGroup group) {
        this.transport = transport;
        this.group = group;
    }

    /** What one event loop's parts report to, beside the configuration that they follow. */
    record Reports(ReplicaObserver observer, ProxyMetrics metrics, AccessLog accessLog) {}

    /** Number of event loops that the configuration asks for. */
    static int loops(LoadBalancerConfig config) {
        int threads = config.listener().threads();
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    static DataPlane start(LoadBalancerConfig config, RoutingTables tables, Reports reports) {
        Transports transport = Transports.of(config.listener().transport());
        int threads = loops(config);
        DataPlane plane = new DataPlane(
                transport,
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("lb-loop"), transport.ioHandler()));
        ProxyLoop.Shared shared = new ProxyLoop.Shared(
                threads, config.proxy(), config.forwarding(), reports.observer(), reports.accessLog());
        int index = 0;
        for (EventExecutor executor : plane.group) {
            EventLoop loop = (EventLoop) executor;
            var metrics = reports.metrics().loop(index);
            UpstreamPools pools = new UpstreamPools(loop, transport.client(), config.upstream(), metrics);
            ProxyLoop proxy =
                    new ProxyLoop(new ProxyLoop.Setup(index, loop, new LoopBalancer(tables), pools, metrics), shared);
            plane.loops.put(loop, proxy);
            tables.subscribe(loop, proxy::tableChanged);
            index++;
        }
        return plane;
    }

    /** Opens a port whose requests go to {@code dispatcher}. */
    Listener listen(String host, int port, Dispatcher dispatcher) throws IOException {
        return Listener.bind(new InetSocketAddress(host, port), group, transport, loops, dispatcher);
    }

    EventLoopGroup group() {
        return group;
    }

    Transports transport() {
        return transport;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
