package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every cursor does, whatever the algorithm. */
class CandidatesTest {
    private static final int NODES = 12;
    private static final KeySample KEYS = KeySample.random(2_000, 5);

    static Stream<ConsistentHash<Server>> hashes() {
        return ConsistentHashes.names().stream().map(name -> Server.hash(name, NODES));
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void next_untilNull_givesTheOwnerFirstAndEveryNodeOnce(ConsistentHash<Server> hash) {
        Candidates<Server> candidates = hash.candidates();
        for (long i = 0; i < KEYS.size(); i++) {
            long key = KEYS.keyHash().applyAsLong(i);
            List<Server> order = OracleTest.drain(candidates.reset(key));
            assertThat(order.getFirst()).isEqualTo(hash.owner(key));
            assertThat(order).containsExactlyInAnyOrderElementsOf(hash.nodes());
            assertThat(candidates.nextIndex()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void nextIndex_withAlive_givesTheSameOrderLessTheDead(ConsistentHash<Server> hash) {
        AliveSet alive = AliveSet.all(NODES).without(2).without(7).without(11);
        Candidates<Server> candidates = hash.candidates();
        for (long i = 0; i < KEYS.size(); i++) {
            long key = KEYS.keyHash().applyAsLong(i);
            int[] all = drain(candidates.reset(key), AliveSet.all(NODES));
            int[] living = IntStream.of(all).filter(alive::contains).toArray();
            assertThat(drain(candidates.reset(key), alive)).containsExactly(living);
        }
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void nextIndex_nobodyAlive_givesNone(ConsistentHash<Server> hash) {
        AliveSet nobody = AliveSet.all(NODES);
        for (int i = 0; i < NODES; i++) {
            nobody = nobody.without(i);
        }
        assertThat(hash.candidates().reset(1).nextIndex(nobody)).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void reset_inTheMiddleOfAWalk_startsAnew(ConsistentHash<Server> hash) {
        Candidates<Server> candidates = hash.candidates();
        List<Server> order = OracleTest.drain(candidates.reset(99));
        candidates.reset(7);
        candidates.next();
        candidates.next();
        assertThat(OracleTest.drain(candidates.reset(99))).isEqualTo(order);
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void next_beforeReset_givesNone(ConsistentHash<Server> hash) {
        assertThat(hash.candidates().next()).isNull();
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void resetAndNextIndex_warm_allocateNothing(ConsistentHash<Server> hash) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Candidates<Server> candidates = hash.candidates();
        AliveSet alive = AliveSet.all(NODES).without(1);
        long walks = 20_000;
        long before = 0;
        long sum = 0;
        for (long key = 0; key < 2 * walks; key++) {
            if (key == walks) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            candidates.reset(key);
            for (int index = candidates.nextIndex(alive); index >= 0; index = candidates.nextIndex(alive)) {
                sum += index;
            }
            sum += hash.ownerIndex(key);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isPositive();
        assertThat(allocated).as("bytes in %d walks", walks).isLessThan(walks / 2);
    }

    private static int[] drain(Candidates<Server> candidates, AliveSet alive) {
        return IntStream.generate(() -> candidates.nextIndex(alive))
                .takeWhile(index -> index >= 0)
                .toArray();
    }
}
