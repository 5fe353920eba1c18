package dev.ringmaster.lb;

import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.http.LoopAllocator;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.listener.ListenerOptions;
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
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The event loops with what each of them needs to serve requests, and the listeners on them. */
final class DataPlane {
    private final Loops loops;
    private final Map<EventLoop, ProxyLoop> proxies = new LinkedHashMap<>();

    private DataPlane(Loops loops) {
        this.loops = loops;
    }

    /** The event loops and the transport that they use. */
    record Loops(Transports transport, EventLoopGroup group, int count) implements AutoCloseable {
        static Loops start(ListenerOptions options) {
            int processors = Runtime.getRuntime().availableProcessors();
            return start(Transports.of(options.transport()), options.threads() > 0 ? options.threads() : processors);
        }

        static Loops start(Transports transport, int count) {
            return new Loops(
                    transport,
                    new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("lb-loop"), transport.ioHandler()),
                    count);
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** What one event loop's parts report to, beside the configuration that they follow. */
    record Reports(ReplicaObserver observer, ProxyMetrics metrics, AccessLog accessLog) {}

    static DataPlane start(LoadBalancerConfig config, Loops loops, RoutingTables tables, Reports reports) {
        DataPlane plane = new DataPlane(loops);
        ProxyLoop.Shared shared = new ProxyLoop.Shared(
                loops.count(), config.proxy(), config.forwarding(), reports.observer(), reports.accessLog());
        int index = 0;
        for (EventExecutor executor : loops.group()) {
            EventLoop loop = (EventLoop) executor;
            var metrics = reports.metrics().loop(index);
            LoopAllocator buffers = new LoopAllocator(loop);
            UpstreamPools pools =
                    new UpstreamPools(loop, loops.transport().client(), buffers, config.upstream(), metrics);
            ProxyLoop proxy = new ProxyLoop(
                    new ProxyLoop.Setup(
                            index, loop, buffers, new LoopBalancer(tables, loop, loops.count()), pools, metrics),
                    shared);
            plane.proxies.put(loop, proxy);
            tables.subscribe(loop, proxy::tableChanged);
            index++;
        }
        return plane;
    }

    /**
     * Opens a port.
     *
     * @param inherited a socket that listens already, taken on where it is that port's; its listener has to be told to
     *     accept
     */
    Listener listen(InetSocketAddress address, OptionalInt inherited, Listener.Edge edge) throws IOException {
        if (inherited.isPresent()) {
            Listener adopted = Listener.adopt(inherited.getAsInt(), loops.group(), proxies, edge);
            if (adopted.serves(address)) {
                return adopted;
            }
            adopted.stopAccepting();
        }
        return Listener.bind(address, loops.group(), loops.transport(), proxies, edge);
    }
}
