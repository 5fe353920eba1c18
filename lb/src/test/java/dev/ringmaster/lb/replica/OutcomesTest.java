package dev.ringmaster.lb.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counts of what came of requests. */
class OutcomesTest {
    private static final long SEED = 20_261_123;

    @Test
    void counts_withAWriterOnEveryLoop_loseNothing() throws InterruptedException {
        int loops = 4;
        long requests = 100_000;
        Outcomes outcomes = new Outcomes(loops);
        List<Thread> writers = IntStream.range(0, loops)
                .mapToObj(loop -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < requests; i++) {
                        outcomes.sent(loop);
                        outcomes.answered(loop, 1_000L * i);
                        if (i % 4 == loop) {
                            outcomes.failed(loop);
                        } else {
                            outcomes.good(loop);
                        }
                    }
                }))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
        OutcomeCounts counts = outcomes.counts();
        assertThat(counts.failed()).isEqualTo(requests);
        assertThat(counts.good()).isEqualTo(requests * (loops - 1));
        assertThat(counts.judged()).isEqualTo(requests * loops);
        assertThat(counts.answers()).isEqualTo(requests * loops);
        assertThat(counts.awaiting()).isZero();
        assertThat(counts.minus(counts).judged()).isZero();
        assertThat(counts.plus(counts).answers()).isEqualTo(2 * counts.answers());
    }

    @Test
    void row_isCountedByLoopAndEndsWithASuccess() {
        Outcomes outcomes = new Outcomes(2);
        assertThat(outcomes.failed(0)).isEqualTo(1);
        assertThat(outcomes.failed(0)).isEqualTo(2);
        assertThat(outcomes.failed(1)).isEqualTo(1);
        outcomes.good(0);
        assertThat(outcomes.failed(0)).isEqualTo(1);
        assertThat(outcomes.failed(1)).isEqualTo(2);
    }

    @Test
    void answersNotHere_areAwaited() {
        Outcomes outcomes = new Outcomes(1);
        outcomes.sent(0);
        outcomes.sent(0);
        outcomes.sent(0);
        outcomes.answered(0, 1);
        outcomes.unanswered(0);
        assertThat(outcomes.counts().awaiting()).isEqualTo(1);
    }

    @Test
    void rankedTime_ofRandomAnswers_isWithinAQuarterOfTheTrueOne() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 200; round++) {
            Outcomes outcomes = new Outcomes(1);
            long[] nanos = random.longs(100, 70_000, 60_000_000_000L).toArray();
            if (round % 2 == 0) {
                nanos = Arrays.stream(nanos).map(time -> 70_000 + time / 10_000).toArray();
            }
            for (long time : nanos) {
                outcomes.answered(0, time);
            }
            Arrays.sort(nanos);
            for (int rank = 1; rank <= nanos.length; rank++) {
                double said = outcomes.counts().nanos(rank);
                assertThat(said / nanos[rank - 1])
                        .as("seed %d round %d rank %d", SEED, round, rank)
                        .isBetween(0.8, 1.26);
            }
        }
    }

    @Test
    void times_beyondTheScale_areCountedAtItsEnds() {
        Outcomes outcomes = new Outcomes(1);
        outcomes.answered(0, -5);
        outcomes.answered(0, Long.MAX_VALUE);
        assertThat(outcomes.counts().nanos(1)).isBetween(60_000L, 100_000L);
        assertThat(outcomes.counts().nanos(2)).isGreaterThan(60_000_000_000L);
    }
}
