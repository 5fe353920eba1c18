package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the default table promises, on the whole table of the default options. */
class CappedRendezvousTest {
    private static final HashOptions OPTIONS = HashOptions.defaults();

    @Test
    void cappedRendezvous_twoToThirtyNodes_keepsThePeakAndTheMoves() {
        for (int n = 2; n <= 30; n++) {
            ConsistentHash<Server> hash = Server.hash("capped-rendezvous", n);
            KeySample buckets = KeySample.everyBucket(hash);
            Spread spread = Spread.of(hash, buckets);
            assertThat(spread.peakToMean()).as("peak of %d", n).isBetween(1.0, 1.011);
            int gone = n * 7 % 5 % n;
            long moved =
                    Spread.moves(hash, hash.without(Server.of(gone)), buckets).moved();
            assertThat(moved).as("moved when %d of %d goes", gone, n).isBetween(spread.count(gone), (long)
                    (1.03 * spread.count(gone)));
            assertThat(Spread.moves(hash, hash.with(Server.of(n)), buckets).ratio())
                    .as("moved when one joins %d", n)
                    .isBetween(0.97, 1.03);
        }
    }

    @Test
    void cappedRendezvous_hundredNodes_keepsThePeakAndTheMoves() {
        ConsistentHash<Server> hash = Server.hash("capped-rendezvous", 100);
        KeySample buckets = KeySample.everyBucket(hash);
        assertThat(Spread.of(hash, buckets).peakToMean()).isLessThanOrEqualTo(1.011);
        assertThat(Spread.moves(hash, hash.without(Server.of(50)), buckets).ratio())
                .isLessThanOrEqualTo(1.10);
        assertThat(Spread.moves(hash, hash.with(Server.of(100)), buckets).ratio())
                .isLessThanOrEqualTo(1.10);
    }

    @Test
    void cappedRendezvous_unequalWeights_keepsThePeakAndTheMoves() {
        List<Server> servers =
                List.of(new Server(0, 1), new Server(1, 0.1), new Server(2, 3), new Server(3, 2.5), new Server(4, 10));
        ConsistentHash<Server> hash = Server.hash("capped-rendezvous", OPTIONS, servers);
        KeySample buckets = KeySample.everyBucket(hash);
        assertThat(Spread.of(hash, buckets).peakToMean()).isLessThanOrEqualTo(1.011);
        assertThat(Spread.of(hash, buckets).standardDeviation()).isLessThan(0.02);
        assertThat(Spread.moves(hash, hash.without(servers.get(4)), buckets).ratio())
                .isLessThanOrEqualTo(1.03);
        assertThat(Spread.moves(hash, hash.with(new Server(5, 4), 4), buckets).ratio())
                .isLessThanOrEqualTo(1.03);
    }

    @Test
    void cappedRendezvous_replacementInTheSameSlot_movesNoKey() {
        record Slot(int number, String replica) {}
        List<Slot> slots = List.of(new Slot(0, "S1"), new Slot(1, "S2"), new Slot(2, "S3"));
        ConsistentHash<Slot> before = ConsistentHashes.cappedRendezvous(OPTIONS, Slot::number, slots);
        ConsistentHash<Slot> after = before.without(slots.get(1)).with(new Slot(1, "S7"));
        KeySample keys = KeySample.random(100_000, 1);
        for (long i = 0; i < keys.size(); i++) {
            long key = keys.keyHash().applyAsLong(i);
            assertThat(after.owner(key).number()).isEqualTo(before.owner(key).number());
        }
    }

    @Test
    void cappedRendezvous_deadNode_movesItsKeysAlone() {
        ConsistentHash<Server> hash = Server.hash("capped-rendezvous", 8);
        Candidates<Server> candidates = hash.candidates();
        AliveSet alive = AliveSet.all(8).without(3);
        KeySample buckets = KeySample.everyBucket(hash);
        for (long i = 0; i < buckets.size(); i++) {
            long key = buckets.keyHash().applyAsLong(i);
            int chosen = candidates.reset(key).nextIndex(alive);
            int home = hash.ownerIndex(key);
            assertThat(chosen == home || (home == 3 && chosen >= 0)).isTrue();
        }
    }

    @Test
    void cappedRendezvous_deadNode_spillsToAllOthersEvenly() {
        ConsistentHash<Server> hash = Server.hash("capped-rendezvous", 8);
        Candidates<Server> candidates = hash.candidates();
        long[] heirs = new long[8];
        KeySample buckets = KeySample.everyBucket(hash);
        for (long i = 0; i < buckets.size(); i++) {
            if (candidates.reset(buckets.keyHash().applyAsLong(i)).nextIndex() == 3) {
                heirs[candidates.nextIndex()]++;
            }
        }
        assertThat(heirs[3]).isZero();
        double fair = Spread.of(hash, buckets).count(3) / 7.0;
        for (int other : new int[] {0, 1, 2, 4, 5, 6, 7}) {
            assertThat(heirs[other] / fair).as("heir %d", other).isBetween(0.95, 1.05);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 2.5, 1000})
    void cappedRendezvous_otherButEqualWeights_givesTheSameTable(double weight) {
        ConsistentHash<Server> one = Server.hash("capped-rendezvous", 6);
        ConsistentHash<Server> other =
                ConsistentHashes.named("capped-rendezvous", OPTIONS, Server::id, Server.list(6), _ -> weight);
        assertThat(Spread.moves(one, other, KeySample.everyBucket(one)).moved()).isZero();
    }

    @Test
    void cappedRendezvous_keysThatDifferLittle_areSpread() {
        ConsistentHash<Server> hash = Server.hash("capped-rendezvous", 10);
        assertThat(Spread.of(hash, KeySample.range(0, 99_999)).peakToMean()).isLessThan(1.05);
    }

    @Test
    void cappedRendezvous_tooManyNodes_isRejected() {
        List<Long> crowd = new AbstractList<>() {
            @Override
            public Long get(int index) {
                return (long) index;
            }

            @Override
            public int size() {
                return 65_535;
            }
        };
        assertThatThrownBy(() -> ConsistentHashes.cappedRendezvous(OPTIONS, Long::longValue, crowd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fewer than 65535 nodes");
    }
}
