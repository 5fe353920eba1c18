package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The oldest slot that serves, the others in reserve. */
final class FirstAvailablePolicy implements BalancingPolicy, Candidates {
    private List<Replica> replicas = List.of();
    private int given;

    @Override
    public Candidates candidates(long key, RoutingTable table) {
        replicas = table.serving();
        given = 0;
        return this;
    }

    @Override
    public @Nullable Replica next() {
        return given == replicas.size() ? null : replicas.get(given++);
    }
}
