package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Replicas by requests in flight, fewest first; any of equal ones is as likely as another. */
final class LeastConnectionsPolicy implements BalancingPolicy, Candidates {
    private static final long GIVEN = Long.MAX_VALUE;

    private long[] load = new long[0];
    private List<Replica> replicas = List.of();

    @Override
    public Candidates candidates(long key, RoutingTable table) {
        replicas = table.serving();
        if (load.length != replicas.size()) {
            load = new long[replicas.size()];
        }
        for (int i = 0; i < load.length; i++) {
            load[i] = replicas.get(i).inFlight().sum();
        }
        return this;
    }

    @Override
    public @Nullable Replica next() {
        long least = GIVEN;
        int equal = 0;
        for (long one : load) {
            equal = one < least ? 1 : one == least ? equal + 1 : equal;
            least = Math.min(least, one);
        }
        if (least == GIVEN) {
            return null;
        }
        int skipped = equal == 1 ? 0 : ThreadLocalRandom.current().nextInt(equal);
        int best = 0;
        while (load[best] != least || skipped-- > 0) {
            best++;
        }
        load[best] = GIVEN;
        return replicas.get(best);
    }
}
