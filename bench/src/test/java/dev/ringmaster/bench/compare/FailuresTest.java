package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.cli.load.LoadFailure;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What both load generators' words mean: an answer that failed, or one that did not come in time. */
class FailuresTest {
    private static final String TOLD = """
            Running 3s test @ http://127.0.0.1:8080/small
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   832.61us  391.12us  10.36ms   94.12%%
                Req/Sec    77.11k     4.22k   82.60k    93.33%%
              %s requests in %s, 45.18MB read
            %sRequests/sec:  77112.31
            """;

    @Test
    void wrk_allAnswered_givesRequestsAndSeconds() throws Exception {
        assertThat(Wrk.outcome(TOLD.formatted("230512", "3.10s", ""))).isEqualTo(new Wrk.Outcome(230512, 3.1));
        assertThat(Wrk.outcome(TOLD.formatted("10", "500.00ms", "")).rate()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"  Socket errors: connect 0, read 1, write 0, timeout 0\n", "  Non-2xx or 3xx responses: 7\n"})
    void wrk_anyFault_isAFailure(String fault) {
        for (String requests : new String[] {"0", "230512"}) {
            assertThatThrownBy(() -> Wrk.outcome(TOLD.formatted(requests, "3.10s", fault)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(OverdueException.class)
                    .hasMessageEndingWith(fault.strip());
        }
    }

    @Test
    void wrk_noAnswer_isOverdue() {
        assertThatThrownBy(() -> Wrk.outcome(TOLD.formatted("0", "3.10s", "")))
                .isInstanceOf(OverdueException.class)
                .hasMessage("not a single answer in 3.10s");
    }

    @ParameterizedTest
    @EnumSource(value = LoadFailure.class, mode = EnumSource.Mode.EXCLUDE, names = "TIMEOUT")
    void paced_anythingButLate_isAFailure(LoadFailure failure) {
        Map<LoadFailure, Long> failures = Map.of(LoadFailure.TIMEOUT, 5L, failure, 1L);

        for (boolean complete : new boolean[] {true, false}) {
            assertThatThrownBy(() -> PacedLoad.check(failures, complete))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(OverdueException.class)
                    .hasMessageContaining(failure.name() + "=1");
        }
    }

    @Test
    void paced_lateOnly_isOverdue() {
        assertThatThrownBy(() -> PacedLoad.check(Map.of(LoadFailure.TIMEOUT, 5L), true))
                .isInstanceOf(OverdueException.class)
                .hasMessage("5 answers are overdue");
        assertThatThrownBy(() -> PacedLoad.check(Map.of(), false))
                .isInstanceOf(OverdueException.class)
                .hasMessage("far behind the rate");
    }

    @Test
    void paced_allAnswered_isGood() {
        assertThatCode(() -> PacedLoad.check(Map.of(LoadFailure.TIMEOUT, 0L), true))
                .doesNotThrowAnyException();
    }
}
