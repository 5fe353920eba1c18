package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Every algorithm against its plain twin, over random memberships with random histories. */
class OracleTest {
    private static final HashOptions SMALL = HashOptions.defaults()
            .withBuckets(256)
            .withEpsilon(0.05)
            .withMaglevTableSize(251)
            .withKetamaVirtualNodes(12);

    @Test
    void rendezvous_randomMemberships_equalsSortedScores() {
        compare("rendezvous", 12, true, Naive::rendezvous);
    }

    @Test
    void cappedRendezvous_randomMemberships_equalsGreedyMatchOfAllPairs() {
        compare("capped-rendezvous", 12, true, servers -> Naive.cappedRendezvous(SMALL, servers));
    }

    @Test
    void ketama_randomMemberships_equalsSortedMap() {
        compare("ketama", 12, true, servers -> Naive.ketama(SMALL, servers));
    }

    @Test
    void maglev_randomMemberships_equalsWholePermutations() {
        compare("maglev", 8, true, servers -> Naive.maglev(SMALL.maglevTableSize(), servers));
    }

    @Test
    void jump_randomHistories_equalsGuavaOverTheSameList() {
        RandomCases cases = new RandomCases("jump");
        for (int i = 0; i < RandomCases.COUNT; i++) {
            List<Server> servers = cases.servers(30, false);
            ConsistentHash<Server> hash = Server.hash("jump", SMALL, servers);
            List<Server> expected = new ArrayList<>(servers);
            for (int step = cases.random.nextInt(4); step > 0 && expected.size() > 1; step--) {
                Server gone = expected.get(cases.random.nextInt(expected.size()));
                hash = hash.without(gone);
                expected.set(expected.indexOf(gone), expected.getLast());
                expected.removeLast();
            }
            assertThat(hash.nodes()).as("seed %d, case %d", cases.seed, i).isEqualTo(expected);
            Candidates<Server> candidates = hash.candidates();
            for (int k = 0; k < 20; k++) {
                long key = cases.random.nextLong();
                assertThat(hash.ownerIndex(key))
                        .as("seed %d, case %d, key %d", cases.seed, i, key)
                        .isEqualTo(Hashing.consistentHash(key, expected.size()));
                assertThat(drain(candidates.reset(key)))
                        .as("seed %d, case %d, key %d", cases.seed, i, key)
                        .isEqualTo(Naive.jump(expected).apply(key));
            }
        }
    }

    private static void compare(
            String algorithm, int most, boolean weighted, Function<List<Server>, LongFunction<List<Server>>> naive) {
        RandomCases cases = new RandomCases(algorithm);
        for (int i = 0; i < RandomCases.COUNT; i++) {
            List<Server> servers = cases.servers(most, weighted);
            ConsistentHash<Server> hash = cases.build(algorithm, SMALL, servers);
            LongFunction<List<Server>> expected = naive.apply(servers);
            assertThat(hash.nodes()).isEqualTo(Naive.byId(servers));
            Candidates<Server> candidates = hash.candidates();
            for (int k = 0; k < 12; k++) {
                long key = cases.random.nextLong();
                List<Server> order = expected.apply(key);
                assertThat(hash.owner(key))
                        .as("seed %d, case %d, key %d", cases.seed, i, key)
                        .isEqualTo(order.getFirst());
                assertThat(drain(candidates.reset(key)))
                        .as("seed %d, case %d, key %d", cases.seed, i, key)
                        .isEqualTo(order);
            }
        }
    }

    static <N> List<N> drain(Candidates<N> candidates) {
        List<N> drained = new ArrayList<>();
        for (N node = candidates.next(); node != null; node = candidates.next()) {
            drained.add(node);
        }
        return drained;
    }
}
