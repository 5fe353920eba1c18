package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Chooses replicas on one event loop: it holds that loop's instance of the policy. Only on that loop. */
public final class LoopBalancer {
    private final RoutingTables tables;
    private @Nullable Distribution distribution;
    private @Nullable BalancingPolicy policy;

    public LoopBalancer(RoutingTables tables) {
        this.tables = tables;
    }

    /** The table as of now. */
    public RoutingTable table() {
        return tables.current();
    }

    /** Hash of the request's key under the configuration as of now. */
    public long key(KeySource request) {
        return tables.current().distribution().key().hash(request);
    }

    /** Lower-case name of the header that keys are taken from; null if it is none. */
    public @Nullable String keyHeader() {
        return tables.current().distribution().key().header();
    }

    /** The first candidate that {@code excluded} does not hold; null if there is none. */
    public @Nullable Replica choose(RoutingTable table, long key, Predicate<Replica> excluded) {
        Candidates candidates = policyOf(table).candidates(key, table);
        Replica next = candidates.next();
        while (next != null && excluded.test(next)) {
            next = candidates.next();
        }
        return next;
    }

    @SuppressWarnings("ReferenceEquality") // one object a configuration
    private BalancingPolicy policyOf(RoutingTable table) {
        BalancingPolicy current = policy;
        if (current == null || distribution != table.distribution()) {
            distribution = table.distribution();
            current = table.distribution().policy().create();
            policy = current;
        }
        return current;
    }
}
