package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Replicas by requests in flight, fewest first; a random start breaks ties, so that equal ones share evenly. */
final class LeastConnectionsPolicy implements BalancingPolicy, Candidates {
    private long[] load = new long[0];
    private int start;
    private List<Replica> replicas = List.of();

    @Override
    public Candidates candidates(long key, RoutingTable table) {
        replicas = table.serving();
        int count = replicas.size();
        if (load.length != count) {
            load = new long[count];
        }
        for (int i = 0; i < count; i++) {
            load[i] = replicas.get(i).inFlight().sum();
        }
        start = count == 0 ? 0 : ThreadLocalRandom.current().nextInt(count);
        return this;
    }

    @Override
    public @Nullable Replica next() {
        int best = -1;
        for (int i = 0; i < load.length; i++) {
            int at = (start + i) % load.length;
            if (load[at] >= 0 && (best < 0 || load[at] < load[best])) {
                best = at;
            }
        }
        if (best < 0) {
            return null;
        }
        load[best] = -1;
        return replicas.get(best);
    }
}
