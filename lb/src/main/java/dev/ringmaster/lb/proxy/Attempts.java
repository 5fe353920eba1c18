package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.KeySource;
import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which replicas an exchange has tried, and whether it may try once more. Event loop only. */
final class Attempts {
    private final ProxyLoop loop;
    private final long startedAt;
    /** Whether the time to the answer's head is the replica's alone: a body may come as slowly as its client likes. */
    private final boolean timed;

    private long key;
    private int stuckTo = -1;
    private List<Replica> tried = List.of();
    /** Those of them that are not tried again: all since the request last waited. */
    private List<Replica> barred = List.of();

    private boolean begun;
    private boolean failedOver;
    private boolean full;
    private @Nullable ProxyFailure lastFailure;

    /** @param startedAt when the exchange began, and so its first attempt */
    Attempts(ProxyLoop loop, RequestHead head, long startedAt) {
        this.loop = loop;
        this.timed = !head.hasBody();
        this.startedAt = startedAt;
    }

    /** Takes from the request what decides who is a candidate. */
    void begin(KeySource request) {
        key = loop.setup.balancer().key(request);
        stuckTo = loop.setup.balancer().stuckTo(request);
    }

    /** An attempt on the best candidate not tried yet; null if there is none. */
    @Nullable
    Attempt next(Exchange exchange, RoutingTable table) {
        long since = begun ? System.nanoTime() : startedAt;
        // Also if it has to wait now: that time is not the replica's.
        begun = true;
        Replica replica = loop.setup.balancer().choose(table, key, stuckTo, barred);
        if (replica == null) {
            return null;
        }
        return new Attempt(loop, exchange, replica, since, timed);
    }

    /** An attempt beside one that takes long, on another replica; null if there is none or the budget has no token. */
    @Nullable
    Attempt beside(Exchange exchange, Attempt slow) {
        RoutingTable table = loop.setup.balancer().table();
        if (!hasOther(table, slow) || !loop.budget.take(System.nanoTime())) {
            return null;
        }
        note(slow.replica());
        return next(exchange, table);
    }

    /** Whether there is a candidate beside this attempt's, and those tried before. */
    private boolean hasOther(RoutingTable table, Attempt attempt) {
        return loop.setup.balancer().chooseServing(table, key, with(barred, attempt.replica())) != null;
    }

    /** The head of the final response to this attempt is here. */
    void answered(Attempt attempt, int status) {
        loop.setup.balancer().answered(attempt.replica(), status, attempt.since());
        loop.hedges.answered(attempt.since());
    }

    /** What the answer's head says beside what the replica says: whole lines, or nothing. */
    String added(Attempt attempt) {
        LoopBalancer balancer = loop.setup.balancer();
        return balancer.added(balancer.table(), attempt.replica(), stuckTo, tried);
    }

    /** Whether the next candidate may be tried after this attempt broke, of a request that may be sent again. */
    boolean mayFailOver(Attempt broken) {
        // The first failover after a death is free, any other takes a token.
        boolean dead = !loop.setup.balancer().table().serves(broken.replica());
        boolean may = (dead && !failedOver) || loop.budget.take(System.nanoTime());
        failedOver |= may;
        return may;
    }

    /** Whether an attempt has had its time, and another replica may be tried. */
    boolean isOverdue(Attempt slow, long now) {
        long most = loop.shared.options().retry().tryTimeout().toNanos();
        return most > 0
                && now - slow.since() > most
                && hasOther(loop.setup.balancer().table(), slow)
                && loop.budget.take(now);
    }

    /** This attempt's replica failed and is not tried again. */
    void failed(Attempt attempt, ProxyFailure failure) {
        note(attempt.replica());
        lastFailure = failure;
        loop.setup.metrics().increment(Counter.FAILOVERS);
    }

    private void note(Replica replica) {
        tried = with(tried, replica);
        barred = with(barred, replica);
    }

    private static List<Replica> with(List<Replica> some, Replica another) {
        if (some.contains(another)) {
            return some;
        }
        List<Replica> all = new ArrayList<>(some);
        all.add(another);
        return all;
    }

    /** Where to wait for a replica that can take the request; null if none will come. */
    @Nullable
    WaitQueue queue(RoutingTable table) {
        full = loop.setup.balancer().isFull(table, barred);
        if (full) {
            return loop.pending;
        }
        // A cut can tell of a death before the table does.
        if (table.recovering() || lastFailure != null) {
            barred = List.of(); // Another table, another chance: who failed may be back.
            return loop.waiting;
        }
        return null;
    }

    /** Why there is nobody left to try. */
    ProxyFailure lastFailure() {
        if (lastFailure != null) {
            return lastFailure;
        }
        return full ? new ProxyFailure.Overloaded() : new ProxyFailure.NoReplica();
    }
}
