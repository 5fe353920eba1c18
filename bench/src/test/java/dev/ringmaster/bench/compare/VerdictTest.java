package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final int BLOCKS = 10;
    private static final Statistics STEADY = ratio(0.99, 1.0, 1.01);

    private static Statistics ratio(double from, double median, double to) {
        return new Statistics(BLOCKS, from, median, to, from, to);
    }

    @Test
    void ratio_farBelowTheBound_reachesIt() {
        assertThat(Verdict.of(ratio(0.68, 0.70, 0.72), STEADY, 0.85)).isEqualTo("yes");
    }

    @Test
    void ratio_farAboveTheBound_missesIt() {
        assertThat(Verdict.of(ratio(0.98, 1.0, 1.02), STEADY, 0.85)).isEqualTo("**missed** by 0.150");
    }

    @Test
    void ratio_whoseIntervalHoldsTheBound_isWithinTheResolution() {
        assertThat(Verdict.of(ratio(0.70, 0.80, 0.86), STEADY, 0.85)).isEqualTo("yes, within the resolution");
        assertThat(Verdict.of(ratio(0.84, 0.90, 0.95), STEADY, 0.85))
                .isEqualTo("**missed** by 0.050, within the resolution");
    }

    @Test
    void ratio_nearerToTheBoundThanOursToItself_isWithinTheResolution() {
        Statistics ratio = ratio(0.79, 0.80, 0.81);

        assertThat(Verdict.of(ratio, ratio(0.98, 1.0, 1.07), 0.85)).isEqualTo("yes, within the resolution");
        assertThat(Verdict.of(ratio, ratio(0.93, 1.0, 1.02), 0.85)).isEqualTo("yes, within the resolution");
        assertThat(Verdict.of(ratio, ratio(0.95, 1.0, 1.05), 0.85)).isEqualTo("yes");
    }

    /** By its median alone, ours would not differ from itself at all. */
    @Test
    void ours_unsteadyAroundItsOwnMedian_resolvesLittle() {
        assertThat(Verdict.of(ratio(0.79, 0.80, 0.81), ratio(0.8, 1.0, 1.2), 0.85))
                .isEqualTo("yes, within the resolution");
    }

    @Test
    void blocks_thatDoNotTell_countAgainstOurs() {
        assertThat(Verdict.of(some(1), STEADY, 0.85)).isEqualTo("yes");
        assertThat(Verdict.of(some(2), STEADY, 0.85)).isEqualTo("not resolved");
        assertThat(Verdict.of(ratio(0.1, 0.1, 0.1), some(2), 0.85)).isEqualTo("not resolved");
        assertThat(Verdict.of(Statistics.of(List.of()), STEADY, 0.85)).isEqualTo("not resolved");
    }

    /** Ten blocks, of which the second lowest and the second highest enclose the median. */
    private static Statistics some(int infinite) {
        return Statistics.of(IntStream.range(0, BLOCKS)
                .mapToObj(block -> block < infinite ? Double.POSITIVE_INFINITY : 0.1)
                .toList());
    }
}
