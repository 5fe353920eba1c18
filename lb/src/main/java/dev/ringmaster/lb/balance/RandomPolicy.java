package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Starts anywhere, all replicas being equally likely, and goes on from there. */
final class RandomPolicy implements BalancingPolicy, Candidates {
    private int start;
    private int given;
    private List<Replica> replicas = List.of();

    @Override
    public Candidates candidates(long key, RoutingTable table) {
        replicas = table.serving();
        given = 0;
        start = replicas.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(replicas.size());
        return this;
    }

    @Override
    public @Nullable Replica next() {
        return given == replicas.size() ? null : replicas.get((start + given++) % replicas.size());
    }
}
