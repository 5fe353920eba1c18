package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which answers count where a processor stood still, and which do not. */
class StandstillsTest {
    private static final long MILLI = 1_000_000;

    @Test
    void spared_dueBeforeItIsMadeUpFor_isNot() {
        Standstills standstills = new Standstills(0);
        assertThat(standstills.spared(1)).isTrue();

        standstills.note(10 * MILLI, 13 * MILLI);
        standstills.note(11 * MILLI, 12 * MILLI);

        long recovered = (13 + 3 * Standstills.RECOVERY) * MILLI;
        assertThat(standstills.spared(9 * MILLI)).isFalse();
        assertThat(standstills.spared(recovered)).isFalse();
        assertThat(standstills.spared(recovered + 1)).isTrue();
    }

    @Test
    void latencies_ofATurn_tellWhatWasSpared() {
        Standstills standstills = new Standstills(0);
        TurnLatencies latencies = new TurnLatencies(standstills, 0);
        long settled = TurnLatencies.RUN_IN;
        latencies.answered(settled - 1, settled + 900 * MILLI);
        for (int i = 0; i < 3; i++) {
            latencies.answered(settled + i, settled + i + 2 * MILLI);
        }
        standstills.note(settled + MILLI, settled + 8 * MILLI);
        latencies.answered(settled + MILLI, settled + 9 * MILLI);

        assertThat(latencies.figures())
                .containsEntry(Figure.SPARED, 2.0)
                .containsEntry(Figure.P50, 2.0)
                .containsEntry(Figure.STANDSTILL, 25.0);
        assertThat(latencies.figures().get(Figure.P99)).isBetween(7.9, 8.1);
    }

    @Test
    void latencies_allAtAStandstill_addNothingThatCouldBeCompared() {
        Standstills standstills = new Standstills(0);
        TurnLatencies latencies = new TurnLatencies(standstills, 0);
        standstills.note(0, 2 * TurnLatencies.RUN_IN);
        latencies.answered(TurnLatencies.RUN_IN, 2 * TurnLatencies.RUN_IN);
        Contestant nginx = Outcomes.contestant("nginx");
        Contestant origin = Outcomes.contestant("origin");
        Sample spared = Sample.of(Map.of(Figure.SPARED, 0.75));
        Sample held = Sample.of(latencies.figures());

        assertThat(PacedLoad.added(Map.of(nginx, held, origin, spared), origin).get(nginx))
                .isEqualTo(held);
        assertThat(PacedLoad.added(Map.of(nginx, spared, origin, held), origin).get(nginx))
                .isEqualTo(spared);
        assertThat(PacedLoad.added(Map.of(nginx, spared, origin, Sample.of(Map.of(Figure.SPARED, 0.25))), origin)
                        .get(nginx)
                        .get(Figure.ADDED))
                .isEqualTo(0.5);
    }
}
