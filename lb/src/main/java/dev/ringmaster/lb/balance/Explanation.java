package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a request with some key would go now, and why not elsewhere.
 *
 * @param generation of the routing table that was asked
 * @param policy by which it would be sent
 * @param keyed whether the policy goes by the key; if not, event loops differ, and so does one from request to request
 * @param random whether requests have no key of their own, so that each has a random one
 * @param hash of the key
 * @param candidates every slot in the order of the policy, those that do not serve where they would stand
 */
public record Explanation(
        long generation, String policy, boolean keyed, boolean random, long hash, List<Candidate> candidates) {
    /** What came of a candidate. */
    public enum Verdict {
        CHOSEN,
        /** Would be next if those before it failed. */
        NEXT,
        /** Serves, but has its share of the load already. */
        OVER_BOUND,
        NOT_SERVING
    }

    /**
     * A slot in the order.
     *
     * @param inFlight requests that its replica is serving, over all event loops
     * @param bound most that it may serve, this request among them; -1 if there is no bound
     */
    public record Candidate(int slot, String name, ReplicaState state, long inFlight, long bound, Verdict verdict) {}

    public Explanation {
        candidates = List.copyOf(candidates);
    }

    static Explanation of(RoutingTable table, long hash) {
        Distribution distribution = table.distribution();
        boolean keyed = distribution.policy().name().equals(Policies.CONSISTENT_HASH);
        BalancingPolicy policy = Policies.create(distribution.policy(), LoopLoad.ofNoLoop());
        return new Explanation(
                table.generation(),
                distribution.policy().name(),
                keyed,
                distribution.key().random(),
                hash,
                new Judge(table, keyed, policy.candidates(hash, table).next())
                        .judge(order(table, policy, keyed, hash)));
    }

    /** Slots as the policy sees them: by the hash where it goes by that, else those that serve first. */
    private static List<Integer> order(RoutingTable table, BalancingPolicy policy, boolean keyed, long hash) {
        List<Integer> order = new ArrayList<>();
        if (keyed) {
            var walk = table.hash().candidates().reset(hash);
            for (Integer slot = walk.next(); slot != null; slot = walk.next()) {
                order.add(slot);
            }
            return order;
        }
        Candidates candidates = policy.candidates(hash, table);
        for (int i = 0; i < table.serving().size(); i++) {
            Replica next = candidates.next();
            if (next != null && !order.contains(next.slot())) {
                order.add(next.slot());
            }
        }
        table.pool().slots().stream()
                .map(Slot::index)
                .filter(slot -> !order.contains(slot))
                .forEach(order::add);
        return order;
    }

    private record Judge(
            RoutingTable table, boolean keyed, @Nullable Replica chosen) {
        List<Candidate> judge(List<Integer> order) {
            Map<Integer, Slot> slots = new LinkedHashMap<>();
            table.pool().slots().forEach(slot -> slots.put(slot.index(), slot));
            // A policy whose order is never the same twice chooses whoever comes first this time.
            int first = keyed ? (chosen == null ? -1 : chosen.slot()) : order.isEmpty() ? -1 : order.getFirst();
            List<Candidate> candidates = new ArrayList<>();
            for (int index : order) {
                Slot slot = slots.get(index);
                if (slot != null) {
                    candidates.add(candidate(slot, index == first));
                }
            }
            return candidates;
        }

        private Candidate candidate(Slot slot, boolean isFirst) {
            Replica replica = slot.serving();
            if (replica == null) {
                return new Candidate(slot.index(), slot.name(), slot.state(), 0, -1, Verdict.NOT_SERVING);
            }
            long inFlight = replica.inFlight().sum();
            double most = keyed
                    ? ConsistentHashPolicy.bound(table, table.serving().indexOf(replica), LoopLoad.ofNoLoop())
                    : Double.POSITIVE_INFINITY;
            Verdict verdict = isFirst ? Verdict.CHOSEN : inFlight < most ? Verdict.NEXT : Verdict.OVER_BOUND;
            long bound = most == Double.POSITIVE_INFINITY ? -1 : (long) most;
            return new Candidate(slot.index(), slot.name(), slot.state(), inFlight, bound, verdict);
        }
    }
}
