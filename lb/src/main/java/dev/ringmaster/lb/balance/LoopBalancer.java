package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses replicas on one event loop: it holds that loop's instance of the policy. Only on that loop. */
public final class LoopBalancer {
    private static final Logger LOG = LoggerFactory.getLogger(LoopBalancer.class);

    private final RoutingTables tables;
    private final LoopLoad load;
    private @Nullable Distribution distribution;
    private @Nullable BalancingPolicy policy;
    private long reported = -1;
    private final KeySketch sketch;

    /**
     * Chooses by these tables.
     *
     * @param loop runs a task once the event loop has done what is at hand
     * @param loops how many event loops there are
     */
    public LoopBalancer(RoutingTables tables, Executor loop, int loops) {
        this.tables = tables;
        this.load = new LoopLoad(loop);
        this.sketch = new KeySketch(loops);
        tables.count(loop, sketch::turn);
    }

    /** The table as of now. */
    public RoutingTable table() {
        return tables.current();
    }

    /** Hash of a new request's key under the configuration as of now, which counts the request. */
    public long key(KeySource request) {
        RoutingTable table = tables.current();
        long key = table.distribution().key().hash(request);
        count(table, key);
        return key;
    }

    /** There is a new request with that key: once for each, however often a replica is chosen for it. */
    void count(RoutingTable table, long key) {
        if (table.countsKeys()) {
            sketch.record(key);
        }
    }

    /** Lower-case name of the header that keys are taken from; null if it is none. */
    public @Nullable String keyHeader() {
        return tables.current().distribution().key().header();
    }

    /** The slot that the request's client is to stay with; -1 if there is none. */
    public int stuckTo(KeySource request) {
        StickyCookie cookie = tables.current().distribution().sticky();
        return cookie == null ? -1 : cookie.slot(request);
    }

    /**
     * Header lines, each with its end, that the answer gets beside the replica's: the cookie by which a client stays with
     * who served it, and the way that the request went if that is to be told; mostly none. Who is elsewhere only until its
     * slot serves again keeps its cookie.
     */
    public String added(RoutingTable table, Replica served, int stuckTo, Collection<Replica> tried) {
        StickyCookie cookie = table.distribution().sticky();
        String sticky = cookie == null || table.hash().nodes().contains(stuckTo) ? "" : cookie.line(served.slot());
        boolean told = table.distribution().options().tuning().routeHeader();
        return told ? sticky + route(table, served, tried) : sticky;
    }

    private static String route(RoutingTable table, Replica served, Collection<Replica> tried) {
        String before = tried.stream().map(Replica::name).collect(Collectors.joining(","));
        return "X-Ringmaster-Route: slot=" + served.slot() + "; replica=" + served.name() + "; policy="
                + table.distribution().options().policy() + "; generation=" + table.generation()
                + (before.isEmpty() ? "" : "; tried=" + before) + "\r\n";
    }

    /**
     * The slot that the client is stuck to, if it serves, was not tried and is below its limit; else the first such
     * candidate.
     */
    public @Nullable Replica choose(RoutingTable table, long key, int stuckTo, Collection<Replica> tried) {
        Replica own = stuckTo < 0 ? null : table.inSlot(stuckTo);
        return own == null || tried.contains(own) || table.isFull(own) ? choose(table, key, tried) : own;
    }

    /** Whether a replica that was not tried serves, but has as many requests in flight as it may have. */
    public boolean isFull(RoutingTable table, Collection<Replica> tried) {
        return table.serving().stream().anyMatch(replica -> !tried.contains(replica) && table.isFull(replica));
    }

    /**
     * The first candidate that was not tried and is below its limit; where none will come to be, one that is ejected; null
     * if there is none either.
     */
    public @Nullable Replica choose(RoutingTable table, long key, Collection<Replica> tried) {
        Replica serving = chooseServing(table, key, tried);
        return serving == null && !isFull(table, tried) ? table.lastResort(tried) : serving;
    }

    /** The first candidate that serves, was not tried and is below its limit; null if there is none. */
    public @Nullable Replica chooseServing(RoutingTable table, long key, Collection<Replica> tried) {
        try {
            return firstOf(table, tried, policyOf(table).candidates(key, table));
        } catch (RuntimeException broken) {
            return withoutPolicy(table, tried, broken);
        }
    }

    /** The head of a final response came to an attempt that began at {@code since}, in {@link System#nanoTime}. */
    public void answered(Replica replica, int status, long since) {
        if (policy instanceof ResponseTimed timed) {
            timed.answered(replica, status, System.nanoTime() - since);
        }
    }

    /** An order names each replica once, so it is read no further: a policy from elsewhere may never end. */
    static @Nullable Replica firstOf(RoutingTable table, Collection<Replica> tried, Candidates order) {
        for (int i = 0; i < table.size(); i++) {
            Replica next = order.next();
            if (next == null || !(tried.contains(next) || table.isFull(next))) {
                return next;
            }
        }
        return null;
    }

    /** A policy from elsewhere that fails costs its users the distribution, not the service. */
    private @Nullable Replica withoutPolicy(RoutingTable table, Collection<Replica> tried, RuntimeException broken) {
        if (reported != table.generation()) {
            reported = table.generation();
            LOG.error("policy={} failed", table.distribution().options().policy(), broken);
        }
        return firstOf(table, tried, table.serving().iterator()::next);
    }

    @SuppressWarnings("ReferenceEquality") // one object a configuration
    private BalancingPolicy policyOf(RoutingTable table) {
        BalancingPolicy current = policy;
        if (current == null || distribution != table.distribution()) {
            distribution = table.distribution();
            current = Policies.create(table.distribution().policy(), load);
            policy = current;
        }
        return current;
    }
}
