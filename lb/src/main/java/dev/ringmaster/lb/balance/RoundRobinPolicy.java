package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Each request starts one replica further on; a random start keeps event loops from marching in step. */
final class RoundRobinPolicy implements BalancingPolicy, Candidates {
    private int turn = ThreadLocalRandom.current().nextInt(1 << 16);
    private int given;
    private List<Replica> replicas = List.of();

    @Override
    public Candidates candidates(long key, RoutingTable table) {
        replicas = table.serving();
        given = 0;
        turn = turn == Integer.MAX_VALUE ? 0 : turn + 1;
        return this;
    }

    @Override
    public @Nullable Replica next() {
        if (given == replicas.size()) {
            return null;
        }
        return replicas.get((int) (((long) turn + given++) % replicas.size()));
    }
}
