package dev.ringmaster.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.OutcomeCounts;
import dev.ringmaster.lb.replica.Outcomes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When one replica is worse than the others, by numbers that can be followed by hand. */
final class OutlierRulesTest {
    private static final long MILLI = 1_000_000;

    private static OutcomeCounts counts(int good, int failed) {
        Outcomes outcomes = new Outcomes(1);
        for (int i = 0; i < good; i++) {
            outcomes.good(0);
        }
        for (int i = 0; i < failed; i++) {
            outcomes.failed(0);
        }
        return outcomes.counts();
    }

    private static OutcomeCounts answers(int count, long millis) {
        Outcomes outcomes = new Outcomes(1);
        for (int i = 0; i < count; i++) {
            outcomes.sent(0);
            outcomes.answered(0, millis * MILLI);
        }
        return outcomes.counts();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 5", "1000, 0, 5", "1000, 10, 5", "910, 90, 6", "500, 500, 20", "0, 10, 2147483647"})
    void row_isASignOnlyIfItIsRareAmongTheOthers(int good, int failed, int needed) {
        assertThat(OutlierRules.rowNeeded(5, counts(good, failed))).isEqualTo(needed);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, 5, 0, false",
        "0, 20, 20, 0, true",
        "5, 5, 1000, 0, true",
        "50, 50, 1000, 0, true",
        "900, 100, 1000, 0, false",
        "800, 200, 1000, 0, true",
        "500, 500, 500, 500, false",
        "0, 1000, 0, 0, false",
        "0, 1000, 500, 500, true",
        "0, 0, 1000, 0, false",
    })
    void failures_countOnlyBeyondDoubtAndTenPoints(int good, int failed, int others, int failedOthers, boolean more) {
        assertThat(OutlierRules.failsMore(counts(good, failed), counts(others, failedOthers)))
                .isEqualTo(more);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 100, 100, 10, false",
        "10, 100, 100, 10, true",
        "100, 100, 8, 10, false",
        "100, 100, 9, 10, true",
        "100, 40, 100, 10, false",
        "100, 6, 100, 1, false",
        "100, 10, 100, 1, true",
    })
    void latency_countsByTheMedianBeyondDoubt(int count, long millis, int others, long usual, boolean slower) {
        assertThat(OutlierRules.isSlower(answers(count, millis), List.of(answers(others, usual)), 5))
                .isEqualTo(slower);
    }

    @Test
    void latency_isMeasuredByMostOfTheOthers() {
        OutcomeCounts slow = answers(100, 100);
        OutcomeCounts fast = answers(100, 10);
        assertThat(OutlierRules.isSlower(slow, List.of(fast, fast, slow), 5)).isTrue();
        assertThat(OutlierRules.isSlower(slow, List.of(fast, slow), 5)).isFalse();
        assertThat(OutlierRules.isSlower(slow, List.of(), 5)).isFalse();
    }
}
