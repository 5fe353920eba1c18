package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.KeySource;
import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which replicas an exchange has tried, and whether it may try once more. Event loop only. */
final class Attempts {
    /** What may be done about an attempt that broke. */
    enum Next {
        /** The same replica on a fresh connection: the old one was dead before the request was sent. */
        REDIAL,
        /** The next candidate. */
        FAILOVER,
        NONE
    }

    private final ProxyLoop loop;
    private long key;
    private int stuckTo = -1;
    private List<Replica> tried = List.of();
    private @Nullable Replica current;
    private boolean redialled;
    private boolean failedOver;
    private @Nullable ProxyFailure lastFailure;
    private long since;
    private boolean again;

    /** @param startedAt when the exchange began, and so its first attempt */
    Attempts(ProxyLoop loop, long startedAt) {
        this.loop = loop;
        this.since = startedAt;
    }

    /** Takes from the request what decides who is a candidate. */
    void begin(KeySource request) {
        key = loop.setup.balancer().key(request);
        stuckTo = loop.setup.balancer().stuckTo(request);
    }

    /** The best candidate not tried yet, which has a request in flight until {@link #leave}; null if there is none. */
    @Nullable
    Replica enter(RoutingTable table) {
        redialled = false;
        if (again) {
            since = System.nanoTime();
        }
        again = true;
        Replica next = loop.setup.balancer().choose(table, key, stuckTo, tried);
        current = next;
        if (next != null) {
            next.inFlight().begin(loop.setup.index());
        }
        return next;
    }

    /** The replica that was entered and not left. */
    @Nullable
    Replica current() {
        return current;
    }

    /** The head of the current replica's final response is here. */
    void answered(int status) {
        if (current != null) {
            loop.setup.balancer().answered(current, status, since);
        }
    }

    /** What the answer's head says beside what the replica says: whole lines, or nothing. */
    String added() {
        LoopBalancer balancer = loop.setup.balancer();
        return current == null ? "" : balancer.added(balancer.table(), current, stuckTo, tried);
    }

    /** The attempt on the current replica, if there is one, is over; status 0: without an answer. */
    void leave(int status) {
        Replica from = current;
        current = null;
        if (from != null) {
            from.inFlight().end(loop.setup.index());
            loop.setup.metrics().replicaRequest(from.slot(), status);
        }
    }

    /**
     * Decides about an attempt that broke before anything was relayed, of a request that may be sent again.
     *
     * @param stale whether it broke as a connection does that was dead all along
     */
    Next after(Replica from, boolean stale) {
        if (stale && !redialled) {
            redialled = true;
            loop.setup.metrics().increment(Counter.REDIALS);
            return Next.REDIAL;
        }
        // The first failover after a death is free, any other takes a token.
        boolean dead = !loop.setup.balancer().table().serves(from);
        if ((dead && !failedOver) || loop.budget.take(System.nanoTime())) {
            failedOver = true;
            return Next.FAILOVER;
        }
        return Next.NONE;
    }

    /** This replica failed and is not tried again. */
    void failed(Replica replica, ProxyFailure failure) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(2);
        }
        tried.add(replica);
        lastFailure = failure;
        loop.setup.metrics().increment(Counter.FAILOVERS);
    }

    /** Whether a replica may come that was not tried yet: a cut can tell of a death before the table does. */
    boolean mayWait(RoutingTable table) {
        return table.recovering() || lastFailure != null;
    }

    /** Why there is nobody left to try. */
    ProxyFailure lastFailure() {
        return lastFailure != null ? lastFailure : new ProxyFailure.NoReplica();
    }
}
