package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.ClassicIds;
import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.hashing.ConsistentHashes;
import dev.ringmaster.hashing.HashOptions;
import dev.ringmaster.hashing.KeyHash;
import dev.ringmaster.hashing.KeySample;
import dev.ringmaster.hashing.Probing;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.Slot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The hash table over the pool's slots. Slot numbers are hashed, so that a replacement in the same slot moves no key, and
 * the table stays the same object for as long as the slots and their weights stay the same.
 */
record SlotHash(BalanceOptions.HashRing options, Map<Integer, Double> weights, ConsistentHash<Integer> table) {
    static final String CLASSIC = "classic";
    private static final int LEAST_CLASSIC_ID = 100_000;
    private static final int CLASSIC_IDS_END = 1_000_000;

    /** Ids as they are drawn for requests without a key; their hash repeats within a few thousand. */
    static final KeySample CLASSIC_SAMPLE = KeySample.range(LEAST_CLASSIC_ID, 199_999);

    static SlotHash of(BalanceOptions.HashRing options, ReplicaSet set) {
        Map<Integer, Double> weights = weights(set);
        return new SlotHash(options, weights, build(options, weights));
    }

    /** The hash for another pool: this one if the slots are the same. */
    SlotHash changedTo(ReplicaSet set) {
        Map<Integer, Double> next = weights(set);
        if (next.equals(weights)) {
            return this;
        }
        // The first slots are placed as a set; later changes must not move what is there.
        boolean history = !weights.isEmpty() && List.of(CLASSIC, "jump").contains(options.algorithm());
        return new SlotHash(options, next, history ? step(next) : build(options, next));
    }

    /** The hash of the same slots by other options: the same table, with what it has become, if they build none. */
    SlotHash configured(BalanceOptions.HashRing next) {
        if (next.equals(options)) {
            return this;
        }
        // The function makes the hash of a key, the table takes it from there.
        boolean same = next.equals(options.withFunction(next.function()));
        return new SlotHash(next, weights, same ? table : build(next, weights));
    }

    private ConsistentHash<Integer> step(Map<Integer, Double> next) {
        ConsistentHash<Integer> result = table;
        for (Integer slot : weights.keySet()) {
            if (!weights.get(slot).equals(next.get(slot))) {
                result = result.without(slot);
            }
        }
        for (Integer slot : next.keySet()) {
            if (!next.get(slot).equals(weights.get(slot))) {
                result = result.with(slot, next.get(slot));
            }
        }
        return result;
    }

    private static ConsistentHash<Integer> build(BalanceOptions.HashRing options, Map<Integer, Double> weights) {
        HashOptions parameters = HashOptions.defaults()
                .withRing(options.ringSize(), options.virtualNodes())
                .withProbing(Probing.valueOf(options.probing().toUpperCase(Locale.ROOT)))
                .withClassicIds(ClassicIds.valueOf(options.classicIds().toUpperCase(Locale.ROOT)));
        return ConsistentHashes.named(
                options.algorithm(), parameters, Integer::longValue, weights.keySet(), weights::get);
    }

    private static Map<Integer, Double> weights(ReplicaSet set) {
        Map<Integer, Double> weights = new TreeMap<>();
        for (Slot slot : set.slots()) {
            weights.put(slot.index(), slot.weight());
        }
        return weights;
    }

    /** The request key that goes with the options: the classic ring draws ids of six digits where a request has no key. */
    static RequestKey requestKey(BalanceOptions options, ClassLoader plugins) {
        LongSupplier random = options.hash().algorithm().equals(CLASSIC)
                ? () -> ThreadLocalRandom.current().nextLong(LEAST_CLASSIC_ID, CLASSIC_IDS_END)
                : () -> ThreadLocalRandom.current().nextLong();
        return RequestKey.of(options.key(), KeyHash.named(options.hash().function(), plugins), random);
    }
}
