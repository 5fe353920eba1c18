package dev.ringmaster.lb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of a load's report. */
class LoadNumbersTest {
    private static final long MILLI = 1_000_000;

    @Test
    void latencies_ofOneToAThousandMillis_areThePercentiles() {
        Histogram micros = new Histogram(3);
        for (int i = 1; i <= 1000; i++) {
            micros.recordValue(i * 1000L);
        }
        Map<String, Double> millis = Latencies.of(micros).millis();

        assertThat(millis.keySet()).containsExactly("p50", "p90", "p95", "p99", "p99.9", "max");
        assertThat(millis.get("p50")).isCloseTo(500, within(0.5));
        assertThat(millis.get("p90")).isCloseTo(900, within(1.0));
        assertThat(millis.get("p95")).isCloseTo(950, within(1.0));
        assertThat(millis.get("p99")).isCloseTo(990, within(1.0));
        assertThat(millis.get("p99.9")).isCloseTo(999, within(1.0));
        assertThat(millis.get("max")).isCloseTo(1000, within(1.0));
    }

    @Test
    void spread_ofCounts_isMeanDeviationAndPeak() {
        assertThat(Spread.of(List.of(2L, 4L, 4L, 4L, 5L, 5L, 7L, 9L))).isEqualTo(new Spread(5, 2, 1.8));
        assertThat(Spread.of(List.of())).isEqualTo(new Spread(0, 0, 0));
    }

    @Test
    void recorder_outcomes_countsGapsBetweenAnswersOnly() {
        List<Long> observed = new ArrayList<>();
        LoadRecorder recorder = new LoadRecorder((due, now) -> observed.add(now - due));
        recorder.begin(0);
        recorder.ok(0, 10 * MILLI, "S1");
        recorder.failed(LoadFailure.TIMEOUT, 30 * MILLI);
        recorder.failed(LoadFailure.STATUS_5XX, 50 * MILLI);
        recorder.sent(40 * MILLI, 43 * MILLI);
        recorder.ok(50 * MILLI, 60 * MILLI, "S2");
        LoadReport report = recorder.report(true);

        assertThat(report.longestGap()).isEqualTo(Duration.ofMillis(40));
        assertThat(report.latestSend()).isEqualTo(Duration.ofMillis(3));
        assertThat(report.wall()).isEqualTo(Duration.ofMillis(60));
        assertThat(report.requests()).isEqualTo(4);
        assertThat(report.rate()).isCloseTo(4 / 0.06, within(1e-9));
        assertThat(report.failures()).hasSize(7).containsEntry(LoadFailure.TIMEOUT, 1L);
        assertThat(report.latencies().millis().get("max")).isCloseTo(10, within(0.02));
        assertThat(recorder.outcomes()).isEqualTo(4);
        assertThat(observed).containsExactly(10 * MILLI, 10 * MILLI);
    }

    @Test
    void recorder_nothingHappened_isAllZero() {
        LoadReport report = new LoadRecorder((_, _) -> {}).report(false);

        assertThat(report.rate()).isZero();
        assertThat(report.spread()).isEqualTo(new Spread(0, 0, 0));
    }

    @Test
    void schedule_rate_spacesMomentsFromTheStart() {
        Schedule schedule = new Schedule(1e6, 3);
        schedule.begin(1000);

        assertThat(schedule.isDue(999)).isFalse();
        assertThat(schedule.take(1000)).isEqualTo(1000);
        assertThat(schedule.isDue(1999)).isFalse();
        assertThat(schedule.take(9000)).isEqualTo(2000);
        assertThat(schedule.take(9000)).isEqualTo(3000);
        assertThat(schedule.exhausted()).isTrue();
        assertThat(schedule.isDue(9000)).isFalse();
    }

    @Test
    void schedule_noRate_isAlwaysNow() {
        Schedule schedule = new Schedule(0, 2);
        schedule.begin(1000);

        assertThat(schedule.isDue(5)).isTrue();
        assertThat(schedule.take(7777)).isEqualTo(7777);
        assertThat(schedule.exhausted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"} | S1",
                "{\"message\":\"Hello from Server: [S1]\",\"status\":\"successful\"} | S1",
                "{\"status\":\"successful\", \"message\": \"Hello from Server: a.b-c\"} | a.b-c",
                "{\"message\":\"Hello from Server: [S1\"} | [S1",
                "{\"message\":\"Hello from Server: \"} |",
                "{\"message\":\"Hello from Server: []\"} |",
                "{\"message\":\"Hello from Server: S1 |",
                "{\"message\":\"something else\"} |",
            })
    void greeting_body_givesTheReplica(String body, String replica) {
        assertThat(Greeting.replica(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8))
                        .orElse(null))
                .isEqualTo(replica);
    }
}
