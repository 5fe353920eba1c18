package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTest {
    private static final int BLOCKS = 10;

    /** Everybody's figure is the same in each block, but for one percent more or less. */
    private static List<String> rows(String scenario, int blocks, List<String> rivals, double... figures) {
        Outcome outcome = Outcomes.of(
                Options.parse("scenario=" + scenario, "blocks=" + blocks), "", rivals.toArray(String[]::new));
        for (int block = 0; block < blocks; block++) {
            double[] shaken = figures.clone();
            shaken[0] *= block % 2 == 0 ? 0.99 : 1.01;
            outcome.add(Outcomes.block(outcome, shaken), 0);
        }
        return Goals.table(outcome).lines().toList();
    }

    @Test
    void row_ofRivalsThatAllRan_namesTheBestOfThem() {
        List<String> rows = rows("small", BLOCKS, List.of("HAProxy safe", "HAProxy always"), 7, 7, 10, 14);

        assertThat(rows.get(2))
                .isEqualTo("| HAProxy safe, the best of HAProxy safe, HAProxy always | ≤ 0.95 | ≤ 0.75 "
                        + "| 0.700 (0.693–0.707) | 1.000 (0.990–1.010) | yes | yes |");
    }

    @Test
    void row_ofSomeRivals_namesThoseThatDidNotRun() {
        List<String> rows = rows("small", BLOCKS, List.of("HAProxy always", "Jetty", "Undertow"), 7, 7, 10, 20, 21);

        assertThat(rows.get(2)).startsWith("| HAProxy always (not run: HAProxy safe) | ");
        assertThat(rows.get(4))
                .startsWith("| Jetty, the best of Undertow, Jetty (not run: Vert.x, Spring Cloud Gateway) | ");
    }

    @Test
    void row_withoutAnyRival_isThereAndReachesNothing() {
        List<String> rows = rows("small", BLOCKS, List.of("Caddy"), 7, 7, 10);

        assertThat(rows)
                .contains("| nobody (not run: nginx) | ≤ 0.9 | ≤ 0.65 | – | – | not run | not run |")
                .hasSize(5);
    }

    @Test
    void row_ofBlocksWithoutARatio_hasThemAgainstOurs() {
        Outcome outcome = Outcomes.of(Options.parse("scenario=latency", "blocks=3"), "", "nginx");
        outcome.add(Outcomes.block(outcome, 1, 1, 2), 0);
        outcome.add(Outcomes.block(outcome, 1, 1, 2), 0);
        outcome.add(Outcomes.block(outcome, 1, 1, -1), 0);

        assertThat(Goals.table(outcome))
                .contains("| 0.500 (0.500–Infinity), 2 of 3 blocks | 1.000 (1.000–1.000) | not resolved |");
    }

    @Test
    void heading_ofBlocks_saysWhatTheRangesAre() {
        assertThat(rows("idle", BLOCKS, List.of(), 1, 1).getFirst())
                .contains("| measured (95 %) | ours against itself (95 %) |");
        assertThat(rows("idle", 3, List.of(), 1, 1).getFirst())
                .contains("| measured (all blocks) | ours against itself (all blocks) |");
    }
}
