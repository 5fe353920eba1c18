package dev.ringmaster.lb.upstream;

import dev.ringmaster.lb.http.ResponseReader;
import dev.ringmaster.lb.http.Spares;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.telemetry.LoopMetrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One event loop's connections to all replicas. Event loop only. */
public final class UpstreamPools {
    private static final long SWEEP_MILLIS = 250;

    private final Map<ReplicaId, ReplicaPool> pools = new HashMap<>();
    private final Spares<ResponseReader> readers = new Spares<>(ResponseReader::new);
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final UpstreamOptions options;
    private final LoopMetrics metrics;

    public UpstreamPools(
            EventLoop loop,
            Class<? extends Channel> channelType,
            ByteBufAllocator buffers,
            UpstreamOptions options,
            LoopMetrics metrics) {
        this.loop = loop;
        this.options = options;
        this.metrics = metrics;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.ALLOCATOR, buffers)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // A write that fails must not throw away an answer that has already come.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(options.connectTimeout().toMillis()));
        loop.scheduleAtFixedRate(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Leases an idle connection.
     *
     * @param now in {@link System#nanoTime}, give or take what a request needs until here
     * @param maxIdleNanos how long it may have been idle at most
     * @return null if there is none
     */
    public @Nullable UpstreamConnection leaseIdle(
            Replica replica, long now, long maxIdleNanos, UpstreamListener holder) {
        ReplicaPool pool = pools.get(replica.id());
        UpstreamConnection connection = pool == null ? null : pool.takeIdle(now, maxIdleNanos);
        if (connection != null) {
            metrics.increment(LoopMetrics.Counter.UPSTREAM_REUSES);
            connection.lease(holder);
        }
        return connection;
    }

    /** Opens a connection and leases it; exactly one of the two is called, later, on this loop. */
    public void connect(
            Replica replica, UpstreamListener holder, Consumer<UpstreamConnection> opened, Consumer<Throwable> failed) {
        ReplicaPool pool = pools.computeIfAbsent(
                replica.id(), id -> new ReplicaPool(id, options.idleTimeout().toNanos()));
        metrics.increment(LoopMetrics.Counter.UPSTREAM_CONNECTS);
        UpstreamConnection connection = new UpstreamConnection(replica, pool, readers, metrics);
        ChannelFuture connecting =
                bootstrap.clone().handler(new UpstreamPipeline(connection)).connect(replica.address());
        Runnable done = () -> {
            if (connecting.isSuccess()) {
                connection.lease(holder);
                opened.accept(connection);
            } else {
                metrics.increment(LoopMetrics.Counter.UPSTREAM_CONNECT_FAILURES);
                failed.accept(connecting.cause());
            }
        };
        connecting.addListener(_ -> {
            if (loop.inEventLoop()) {
                done.run();
            } else {
                // A channel that could not even be opened, for want of descriptors, has no loop.
                loop.execute(done);
            }
        });
    }

    /** Drops the pools of all replicas but these. */
    public void retain(List<Replica> serving) {
        Set<ReplicaId> kept = serving.stream().map(Replica::id).collect(Collectors.toSet());
        for (Iterator<ReplicaPool> it = pools.values().iterator(); it.hasNext(); ) {
            ReplicaPool pool = it.next();
            if (!kept.contains(pool.replica())) {
                it.remove();
                pool.close();
            }
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        pools.values().forEach(pool -> pool.sweep(now));
    }
}
