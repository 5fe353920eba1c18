package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of a balancer that has lived through changes against that of the next one, which sees the last pool alone. */
final class SlotHashTest {
    private static final long SEED = 20_261_122;
    private static final int KEYS = 10_000;

    private static SlotHash first(String algorithm, ReplicaSet set) {
        return SlotHash.of(
                Pools.options("consistent-hash", algorithm, "header:x-key").hash(), set);
    }

    /** Part of the keys that have another home after a restart or a hand-over. */
    private static double movedByTheNext(SlotHash hash, ReplicaSet set) {
        SlotHash next = first(hash.options().algorithm(), set);
        SplittableRandom random = new SplittableRandom(SEED);
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            long key = random.nextLong();
            moved += hash.table().owner(key).equals(next.table().owner(key)) ? 0 : 1;
        }
        return (double) moved / KEYS;
    }

    private static double movedByTheNext(String algorithm, ReplicaSet... sets) {
        SlotHash hash = first(algorithm, sets[0]);
        for (ReplicaSet set : sets) {
            hash = hash.changedTo(set);
        }
        return movedByTheNext(hash, sets[sets.length - 1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"capped-rendezvous", "ketama", "maglev", "rendezvous"})
    void tableOfASet_afterAnyHistory_isThatOfARestart(String algorithm) {
        SplittableRandom random = new SplittableRandom(SEED);
        SlotHash hash = first(algorithm, Pools.of(3));
        for (int i = 0; i < 12; i++) {
            ReplicaSet set =
                    Pools.weighted(random.doubles(random.nextInt(2, 9), 0.5, 3).toArray());
            set = Pools.without(set, random.nextInt(set.target()));
            hash = hash.changedTo(set);
            assertThat(movedByTheNext(hash, set))
                    .as("seed %d change %d", SEED, i)
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "jump"})
    void tableWithAHistory_ofAGrownPoolOrWithoutItsNewest_isThatOfARestart(String algorithm) {
        assertThat(movedByTheNext(algorithm, Pools.of(3), Pools.of(5), Pools.of(8), Pools.of(7)))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"classic, 0", "classic, 2", "jump, 0", "jump, 2"})
    void tableWithAHistory_afterARemoval_isNotThatOfARestart(String algorithm, int gone) {
        ReplicaSet five = Pools.of(5);
        List<Double> moved = new ArrayList<>();
        moved.add(movedByTheNext(algorithm, five, Pools.without(five, gone)));
        moved.add(movedByTheNext(algorithm, five, Pools.without(five, gone), five));
        assertThat(moved).allMatch(part -> part > 0.1);
    }

    @Test
    void classicRing_grownFromFewerThanThree_isNotThatOfARestart() {
        assertThat(movedByTheNext("classic", Pools.of(1), Pools.of(4))).isPositive();
    }
}
