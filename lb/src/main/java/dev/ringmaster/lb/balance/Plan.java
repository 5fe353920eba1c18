package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.hashing.KeySample;
import dev.ringmaster.hashing.Spread;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a change would do to the homes of keys, counted over a sample of 100,000.
 *
 * @param moved part of the keys that would get another home, 0 to 1
 * @param ideal part that has to, by the weights before and after
 * @param moves from which slot to which, greatest share first
 * @param peakToMean the greatest ratio of a slot's keys to what its weight entitles it to, afterwards
 * @param headroom part by which that slot's load may grow until its keys spill; 0 where no bound is set
 */
public record Plan(double moved, double ideal, List<Move> moves, double peakToMean, double headroom) {
    private static final long SEED = 0x52696e676d617374L;
    private static final int SAMPLE = 100_000;

    /**
     * A change that might be made, in the order of the calls that make it: slots are closed first, and another algorithm
     * comes last.
     *
     * @param add how many slots are opened
     * @param remove host names of those that are closed
     * @param weights host name to weight of those that change it
     * @param algorithm of consistent hashing; null for that in use
     */
    public record Change(
            int add,
            Set<String> remove,
            Map<String, Double> weights,
            @Nullable String algorithm) {
        public Change {
            remove = Set.copyOf(remove);
            weights = Map.copyOf(weights);
        }

        /** The first part of it. */
        Change removal() {
            return new Change(0, remove, Map.of(), null);
        }

        /** @throws IllegalArgumentException if it names a replica that there is not */
        ReplicaSet applied(ReplicaSet set) {
            for (String name : union(remove, weights.keySet())) {
                if (!set.names().contains(name)) {
                    throw new IllegalArgumentException("Hostname '" + name + "' is not a managed replica");
                }
            }
            List<Slot> slots = new ArrayList<>();
            for (Slot slot : set.slots()) {
                if (!remove.contains(slot.name())) {
                    double weight = weights.getOrDefault(slot.name(), slot.weight());
                    slots.add(slot.weighing(weight));
                }
            }
            for (int left = add, index = 0; left > 0; index++) {
                int free = index;
                if (slots.stream().noneMatch(slot -> slot.index() == free)) {
                    slots.add(new Slot(free, 1, "new-" + free, ReplicaState.STARTING, null));
                    left--;
                }
            }
            return new ReplicaSet(slots, List.of());
        }

        private static Set<String> union(Set<String> some, Set<String> others) {
            Set<String> all = new HashSet<>(some);
            all.addAll(others);
            return all;
        }
    }

    /** A part of all keys that goes from one slot to another. */
    public record Move(int from, int to, double share) {}

    public Plan {
        moves = List.copyOf(moves);
    }

    /** Keys as requests have them: ids of six digits on the classic ring, else any. */
    static KeySample sample(BalanceOptions options) {
        boolean ids = options.hash().algorithm().equals(SlotHash.CLASSIC)
                && options.key().equals(List.of("random"));
        return ids ? SlotHash.CLASSIC_SAMPLE : KeySample.random(SAMPLE, SEED);
    }

    /** The part of the keys that has another home afterwards. */
    static double moved(ConsistentHash<Integer> before, ConsistentHash<Integer> after, BalanceOptions options) {
        if (before.nodes().isEmpty() || after.nodes().isEmpty()) {
            return before.nodes().isEmpty() ? 0 : 1;
        }
        Spread.Moves moves = Spread.moves(before, after, sample(options));
        return (double) moves.moved() / moves.keys();
    }

    /**
     * The part of the keys that has another home afterwards, in a table of the same slots, if every key has another hash:
     * of two that know nothing of each other, each slot keeps the product of its shares before and after.
     */
    static double rehashed(ConsistentHash<Integer> before, ConsistentHash<Integer> after, BalanceOptions options) {
        if (before.nodes().isEmpty()) {
            return 0;
        }
        Spread from = Spread.of(before, KeySample.random(SAMPLE, SEED));
        Spread to = Spread.of(after, sample(options));
        double stay = 0;
        for (int index = 0; index < before.nodes().size(); index++) {
            int there = after.nodes().indexOf(before.nodes().get(index));
            stay += from.share(index) * to.share(there);
        }
        return 1 - stay;
    }

    static Plan of(ConsistentHash<Integer> before, ConsistentHash<Integer> after, BalanceOptions options) {
        if (before.nodes().isEmpty() || after.nodes().isEmpty()) {
            // Keys that had no home have none to leave.
            double all = before.nodes().isEmpty() ? 0 : 1;
            return new Plan(all, all, List.of(), 1, 0);
        }
        KeySample sample = sample(options);
        Spread.Moves moves = Spread.moves(before, after, sample);
        double peak = Spread.of(after, sample).peakToMean();
        double factor = options.tuning().balanceFactor();
        return new Plan(
                (double) moves.moved() / moves.keys(),
                moves.ideal() / moves.keys(),
                moves(before, after, sample),
                peak,
                factor == 0 ? 0 : factor / peak - 1);
    }

    private static List<Move> moves(ConsistentHash<Integer> before, ConsistentHash<Integer> after, KeySample sample) {
        Map<Long, Integer> counts = new TreeMap<>();
        for (long i = 0; i < sample.size(); i++) {
            long key = sample.keyHash().applyAsLong(i);
            int from = before.owner(key);
            int to = after.owner(key);
            if (from != to) {
                counts.merge((long) from << Integer.SIZE | to, 1, Integer::sum);
            }
        }
        List<Move> moves = new ArrayList<>();
        counts.forEach((pair, count) ->
                moves.add(new Move((int) (pair >>> Integer.SIZE), pair.intValue(), (double) count / sample.size())));
        moves.sort(Comparator.comparingDouble(Move::share).reversed());
        return moves;
    }
}
