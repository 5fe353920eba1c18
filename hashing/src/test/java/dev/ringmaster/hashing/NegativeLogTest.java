package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NegativeLogTest {
    private static final double UNIT = 0x1p40;

    @Test
    void of_anyScore_isTheLogarithmToSevenDigits() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200_000; i++) {
            long fromLeast = random.nextLong() >>> random.nextInt(60);
            double fraction = ((fromLeast >>> 1) * 2.0 + 1) / 0x1p64;
            double expected = -Math.log(fraction) / Math.log(2);
            assertThat(NegativeLog.of(Long.MIN_VALUE + fromLeast) / UNIT).isCloseTo(expected, within(2e-7));
        }
    }

    @Test
    void of_extremes_isPositiveAndBounded() {
        assertThat(NegativeLog.of(Long.MAX_VALUE)).isBetween(1L, 4L);
        assertThat(NegativeLog.of(Long.MIN_VALUE)).isEqualTo(64L << 40);
        assertThat(NegativeLog.of(0)).isEqualTo(1L << 40);
        assertThat(NegativeLog.of(-1)).isBetween(1L << 40, (1L << 40) + 4);
    }

    @Test
    void of_risingScores_neverRises() {
        long step = Long.MAX_VALUE / 300_007;
        long previous = NegativeLog.of(Long.MIN_VALUE);
        for (long score = Long.MIN_VALUE + step; score < Long.MAX_VALUE - step; score += step) {
            long value = NegativeLog.of(score);
            assertThat(value).isLessThan(previous);
            previous = value;
        }
        for (int chord = 0; chord < 1024; chord++) {
            long joint = chord * (1L << 53);
            assertThat(NegativeLog.of(joint)).isLessThanOrEqualTo(NegativeLog.of(joint - 1));
            assertThat(NegativeLog.of(joint)).isGreaterThanOrEqualTo(NegativeLog.of(joint + 1));
        }
    }
}
