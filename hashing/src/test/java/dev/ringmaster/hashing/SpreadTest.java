package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadTest {
    private static final HashOptions LITERAL = HashOptions.defaults().withClassicIds(ClassicIds.LITERAL);

    @Test
    void of_knownCounts_givesSharesPeakAndDeviation() {
        Spread spread = Spread.of(Server.hash("classic", LITERAL, Server.list(3)), KeySample.range(0, 511));
        assertThat(LongStream.range(0, 3).map(i -> spread.count((int) i))).containsExactly(432L, 24L, 56L);
        assertThat(spread.share(0)).isEqualTo(0.84375);
        assertThat(spread.peakToMean()).isEqualTo(2.53125);
        double expected = Math.sqrt((1.53125 * 1.53125 + 0.859375 * 0.859375 + 0.671875 * 0.671875) / 3);
        assertThat(spread.standardDeviation()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void of_weights_measuresAgainstTheWeight() {
        List<Server> servers = List.of(new Server(0, 3), new Server(1, 1));
        ConsistentHash<Server> hash = Server.hash("maglev", HashOptions.defaults(), servers);
        Spread spread = Spread.of(hash, KeySample.everyBucket(hash));
        assertThat(spread.share(0)).isCloseTo(0.75, within(1e-4));
        assertThat(spread.peakToMean()).isCloseTo(1, within(1e-3));
    }

    @Test
    void moves_equalNodes_idealIsTheShareOfOne() {
        ConsistentHash<Server> four = Server.hash("rendezvous", 4);
        KeySample keys = KeySample.random(10_000, 1);
        Spread.Moves more = Spread.moves(four, four.with(Server.of(4)), keys);
        assertThat(more.keys()).isEqualTo(10_000);
        assertThat(more.ideal()).isCloseTo(2_000, within(1e-6));
        assertThat(more.ratio()).isEqualTo(more.moved() / more.ideal());
        Spread.Moves less = Spread.moves(four, four.without(Server.of(1)), keys);
        assertThat(less.ideal()).isCloseTo(2_500, within(1e-6));
        assertThat(less.moved()).isEqualTo(Spread.of(four, keys).count(1));
    }

    @Test
    void moves_changedWeight_idealIsWhatTheOthersGiveUp() {
        record Named(long id) {}
        ConsistentHash<Named> before =
                ConsistentHashes.rendezvous(Named::id, List.of(new Named(0), new Named(1), new Named(2)));
        ConsistentHash<Named> after = before.without(new Named(0)).with(new Named(0), 2);
        Spread.Moves moves = Spread.moves(before, after, KeySample.random(1_000, 1));
        assertThat(moves.ideal()).isCloseTo(1_000 * 2 * (1 / 3.0 - 1 / 4.0), within(1e-6));
    }

    @Test
    void moves_sameHash_areNone() {
        ConsistentHash<Server> hash = Server.hash("ketama", 4);
        Spread.Moves moves = Spread.moves(hash, hash, KeySample.random(1_000, 1));
        assertThat(moves.moved()).isZero();
        assertThat(moves.ideal()).isZero();
    }

    @Test
    void random_sameSeed_givesTheSameDistinctKeys() {
        KeySample one = KeySample.random(1_000, 8);
        KeySample same = KeySample.random(1_000, 8);
        KeySample other = KeySample.random(1_000, 9);
        long[] keys = LongStream.range(0, 1_000).map(one.keyHash()).toArray();
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(LongStream.range(0, 1_000).map(same.keyHash())).containsExactly(box(keys));
        assertThat(LongStream.range(0, 1_000).map(other.keyHash())).doesNotContain(box(keys));
    }

    @Test
    void range_bothEnds_areIncluded() {
        KeySample sample = KeySample.range(7, 9);
        assertThat(LongStream.range(0, sample.size()).map(sample.keyHash())).containsExactly(7L, 8L, 9L);
        assertThat(KeySample.range(7, 7).size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"capped-rendezvous", "maglev"})
    void everyBucket_ofATable_meetsEachBucketOnce(String name) {
        ConsistentHash<Server> hash = Server.hash(name, 3);
        KeySample buckets = KeySample.everyBucket(hash);
        KeySample sampled = KeySample.random(500_000, 4);
        Spread exact = Spread.of(hash, buckets);
        Spread approximate = Spread.of(hash, sampled);
        for (int i = 0; i < 3; i++) {
            assertThat(exact.share(i)).isCloseTo(approximate.share(i), within(0.004));
        }
    }

    @Test
    void everyBucket_withoutATable_isRejected() {
        ConsistentHash<Server> hash = Server.hash("jump", 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeySample.everyBucket(hash))
                .withMessage("Not a table of equally likely buckets");
    }

    @Test
    void keySample_noKeys_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeySample.random(0, 1))
                .withMessage("A sample needs at least one key: 0");
    }

    private static Long[] box(long[] values) {
        return LongStream.of(values).boxed().toArray(Long[]::new);
    }
}
