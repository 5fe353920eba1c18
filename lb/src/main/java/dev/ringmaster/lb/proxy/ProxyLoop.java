package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.http.Peer;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.replica.ReplicaObserver;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.LoopMetrics;
import dev.ringmaster.lb.upstream.UpstreamPools;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;

/** What the exchanges of one event loop share. Event loop only. */
public final class ProxyLoop {
    private static final int MOST_WAITING = 1000;
    private static final long MOST_HELD = 8 << 20;

    final Setup setup;
    final Shared shared;
    final RetryBudget budget;
    /** Where to wait while every replica is down and one comes back. */
    final WaitQueue waiting;
    /** Where to wait while every replica is at its limit. */
    final WaitQueue pending;

    final Hedges hedges;
    private long held;

    /**
     * What belongs to this loop alone.
     *
     * @param index number of the loop, from 0
     */
    public record Setup(
            int index,
            EventLoop loop,
            ByteBufAllocator buffers,
            LoopBalancer balancer,
            UpstreamPools pools,
            LoopMetrics metrics) {}

    /**
     * What all loops share.
     *
     * @param loops how many there are
     */
    public record Shared(
            int loops,
            ProxyOptions options,
            ForwardingOptions forwarding,
            ReplicaObserver observer,
            AccessLog accessLog) {}

    public ProxyLoop(Setup setup, Shared shared) {
        this.setup = setup;
        this.shared = shared;
        this.budget = new RetryBudget(shared.loops(), System.nanoTime());
        ProxyOptions options = shared.options();
        this.waiting = new WaitQueue(setup.loop(), false, MOST_WAITING, options.waitForReplica());
        this.pending = new WaitQueue(
                setup.loop(), true, options.pending().most(), options.pending().longest());
        this.hedges = new Hedges(setup.loop(), options.retry().hedge());
    }

    /** A routing table was published. */
    public void tableChanged(RoutingTable table) {
        setup.pools().retain(table.serving());
        waiting.wake();
        pending.wake();
    }

    /** Metrics of this loop, for its listener. */
    public LoopMetrics metrics() {
        return setup.metrics();
    }

    /** Where the buffers of this loop's connections come from. */
    public ByteBufAllocator buffers() {
        return setup.buffers();
    }

    /** Largest request body in bytes; 0 means no bound. */
    public long maxBody() {
        return shared.forwarding().maxBody();
    }

    /** Where requests that never became an exchange are logged. */
    public AccessLog accessLog() {
        return shared.accessLog();
    }

    /** Longest silence in the middle of an exchange. */
    public long responseTimeoutNanos() {
        return shared.options().responseTimeout().toNanos();
    }

    /** Runs a task on this loop, after those before it; any thread. */
    public void execute(Runnable task) {
        setup.loop().execute(task);
    }

    /** Counts and logs a request that was answered without a replica. */
    public void answered(Peer peer, RequestHead head, Reply reply, long startedAt) {
        ExchangeLog log = new ExchangeLog(this, head, new ClientHop(this, head, peer), startedAt);
        log.status(reply.status());
        log.relayed(head.method().equals("HEAD") ? 0 : reply.body().length);
        log.end();
    }

    /** Whether this loop may hold that many more bytes of request bodies for a replay. */
    boolean hasRoomFor(int bytes) {
        return held + bytes <= MOST_HELD;
    }

    /** So many more bytes are held, or fewer if negative. */
    void hold(int bytes) {
        held += bytes;
    }
}
