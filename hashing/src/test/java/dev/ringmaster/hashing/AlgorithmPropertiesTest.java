package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Evenness and moves of the algorithms other than the default. */
class AlgorithmPropertiesTest {
    private static final KeySample KEYS = KeySample.random(300_000, 3);
    private static final List<Server> WEIGHTED =
            List.of(new Server(0, 1), new Server(1, 2), new Server(2, 5), new Server(3, 0.5));

    @Test
    void rendezvous_addAndRemove_movesWhatMustAndNoMore() {
        ConsistentHash<Server> hash = Server.hash("rendezvous", HashOptions.defaults(), WEIGHTED);
        assertThat(Spread.of(hash, KEYS).standardDeviation()).isLessThan(0.01);
        assertThat(Spread.moves(hash, hash.with(Server.of(9)), KEYS).ratio()).isBetween(0.98, 1.02);
        assertThat(Spread.moves(hash, hash.without(WEIGHTED.get(2)), KEYS).moved())
                .isEqualTo(Spread.of(hash, KEYS).count(2));
    }

    @Test
    void maglev_thirtyNodes_isAllButPerfectlyEven() {
        ConsistentHash<Server> hash = Server.hash("maglev", 30);
        KeySample buckets = KeySample.everyBucket(hash);
        assertThat(buckets.size()).isEqualTo(65_537);
        assertThat(Spread.of(hash, buckets).peakToMean()).isLessThan(1.001);
        assertThat(Spread.moves(hash, hash.without(Server.of(4)), buckets).ratio())
                .isBetween(1.0, 1.25);
    }

    @Test
    void maglev_weights_giveSharesInProportion() {
        ConsistentHash<Server> hash = Server.hash("maglev", HashOptions.defaults(), WEIGHTED);
        assertThat(Spread.of(hash, KeySample.everyBucket(hash)).standardDeviation())
                .isLessThan(0.001);
    }

    @Test
    void maglev_weightTooSmallForAnEntry_staysACandidate() {
        List<Server> servers = List.of(new Server(0, 1000), new Server(1, 0.001));
        HashOptions small = HashOptions.defaults().withMaglevTableSize(251);
        ConsistentHash<Server> hash = Server.hash("maglev", small, servers);
        assertThat(Spread.of(hash, KeySample.everyBucket(hash)).count(1)).isZero();
        assertThat(OracleTest.drain(hash.candidates().reset(1))).containsExactlyElementsOf(servers);
    }

    @Test
    void ketama_thirtyNodes_isFairlyEvenAndMovesWhatMust() {
        ConsistentHash<Server> hash = Server.hash("ketama", 30);
        Spread spread = Spread.of(hash, KEYS);
        assertThat(spread.peakToMean()).isBetween(1.05, 1.35);
        assertThat(Spread.moves(hash, hash.without(Server.of(4)), KEYS).moved()).isEqualTo(spread.count(4));
    }

    @Test
    void ketama_weightTooSmallForAPoint_keepsOne() {
        List<Server> servers = List.of(new Server(0, 1), new Server(1, 0.001));
        ConsistentHash<Server> hash = Server.hash("ketama", HashOptions.defaults(), servers);
        assertThat(Spread.of(hash, KEYS).count(1)).isPositive();
    }

    @Test
    void jump_removal_movesTheKeysOfTheRemovedAndOfTheLast() {
        ConsistentHash<Server> hash = Server.hash("jump", 10);
        ConsistentHash<Server> less = hash.without(Server.of(2));
        assertThat(less.nodes().get(2)).isEqualTo(Server.of(9));
        Spread spread = Spread.of(hash, KEYS);
        assertThat(spread.peakToMean()).isLessThan(1.02);
        assertThat(Spread.moves(hash, less, KEYS).ratio()).isBetween(1.8, 2.0);
        assertThat(Spread.moves(hash, hash.without(Server.of(9)), KEYS).moved()).isEqualTo(spread.count(9));
    }

    @Test
    void jump_secondCandidates_areSpreadOverAllOthers() {
        ConsistentHash<Server> hash = Server.hash("jump", 5);
        Candidates<Server> candidates = hash.candidates();
        int[] heirs = new int[5];
        for (long i = 0; i < 50_000; i++) {
            if (candidates.reset(KEYS.keyHash().applyAsLong(i)).nextIndex() == 0) {
                heirs[candidates.nextIndex()]++;
            }
        }
        assertThat(heirs[0]).isZero();
        assertThat(List.of(heirs[1], heirs[2], heirs[3], heirs[4]))
                .allSatisfy(count -> assertThat(count).isBetween(2_250, 2_750));
    }
}
