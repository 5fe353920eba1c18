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
 * @param hotSlots over how many slots the requests of a hot key are spread; 1 for any other key
 * @param candidates every slot in the order of the policy, those that do not serve where they would stand
 */
public record Explanation(
        long generation,
        String policy,
        boolean keyed,
        boolean random,
        long hash,
        int hotSlots,
        List<Candidate> candidates) {
    /** What came of a candidate. */
    public enum Verdict {
        CHOSEN,
        /** Would be next if those before it failed. */
        NEXT,
        /** Serves, but has its share of the load already. */
        OVER_BOUND,
        /** Serves, but has as many requests in flight as a replica may have. */
        AT_LIMIT,
        /** Serves, but is new and does not take this key yet. */
        RAMPING,
        /** Sits out, and is asked only where nobody else is left. */
        EJECTED,
        NOT_SERVING
    }

    /**
     * A slot in the order.
     *
     * @param inFlight requests that its replica is serving, over all event loops
     * @param part of its share that it may take, 0 to 1: below 1 while it is new
     * @param bound most that it may serve, this request among them; -1 if there is no bound
     */
    public record Candidate(
            int slot, String name, ReplicaState state, double part, long inFlight, long bound, Verdict verdict) {}

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
                hotSlots(table, hash),
                new Judge(table, keyed, hash, chosen(table, policy.candidates(hash, table)))
                        .judge(order(table, policy, keyed, hash)));
    }

    private static @Nullable Replica chosen(RoutingTable table, Candidates candidates) {
        return table.serving().isEmpty()
                ? table.lastResort(List.of())
                : LoopBalancer.firstOf(table, List.of(), candidates);
    }

    private static int hotSlots(RoutingTable table, long hash) {
        double need = table.hotKeys().need(hash);
        return need == 0 ? 1 : HotKeys.slots(table, hash, need);
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
            RoutingTable table,
            boolean keyed,
            long hash,
            @Nullable Replica chosen) {
        List<Candidate> judge(List<Integer> order) {
            Map<Integer, Slot> slots = new LinkedHashMap<>();
            table.pool().slots().forEach(slot -> slots.put(slot.index(), slot));
            // A policy whose order is never the same twice chooses whoever comes first this time.
            boolean certain = keyed || table.serving().isEmpty();
            int first = certain && chosen != null ? chosen.slot() : certain ? -1 : firstWithRoom(order);
            List<Candidate> candidates = new ArrayList<>();
            for (int index : order) {
                Slot slot = slots.get(index);
                if (slot != null) {
                    candidates.add(candidate(slot, index == first));
                }
            }
            return candidates;
        }

        private int firstWithRoom(List<Integer> order) {
            return order.stream()
                    .filter(slot -> {
                        Replica replica = table.inSlot(slot);
                        return replica != null && !table.isFull(replica);
                    })
                    .findFirst()
                    .orElse(-1);
        }

        private Candidate candidate(Slot slot, boolean isFirst) {
            Replica replica = slot.serving();
            if (replica == null) {
                return new Candidate(slot.index(), slot.name(), slot.state(), 1, 0, -1, sitting(slot, isFirst));
            }
            long inFlight = replica.inFlight().sum();
            int position = table.serving().indexOf(replica);
            double most =
                    keyed ? ConsistentHashPolicy.bound(table, position, LoopLoad.ofNoLoop()) : Double.POSITIVE_INFINITY;
            Verdict verdict = isFirst ? Verdict.CHOSEN : passedOver(replica, position, inFlight < most);
            long bound = most == Double.POSITIVE_INFINITY ? -1 : (long) most;
            return new Candidate(
                    slot.index(), slot.name(), slot.state(), table.part(position), inFlight, bound, verdict);
        }

        private static Verdict sitting(Slot slot, boolean isFirst) {
            if (isFirst) {
                return Verdict.CHOSEN;
            }
            return slot.state() == ReplicaState.EJECTED ? Verdict.EJECTED : Verdict.NOT_SERVING;
        }

        private Verdict passedOver(Replica replica, int position, boolean belowBound) {
            if (table.isFull(replica)) {
                return Verdict.AT_LIMIT;
            }
            if (keyed && !table.takes(position, hash)) {
                return Verdict.RAMPING;
            }
            return belowBound ? Verdict.NEXT : Verdict.OVER_BOUND;
        }
    }
}
