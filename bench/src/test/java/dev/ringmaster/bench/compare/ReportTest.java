package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static Outcome measured(String preparation) {
        Outcome outcome = Outcomes.of(Options.parse("scenario=latency", "blocks=1"), preparation, "nginx");
        outcome.add(Outcomes.block(outcome, 1, 1, 2), 0);
        return outcome;
    }

    @Test
    void section_ofWhatWasCalibrated_tellsItBeforeTheGoals() {
        assertThat(new Report(measured("60 a second are sent.")).section())
                .contains("thrown away for it: 0 blocks.\n\n60 a second are sent.\n\n| against | ");
    }

    @Test
    void section_ofNothingPrepared_hasNoEmptyParagraph() {
        assertThat(new Report(measured("")).section()).contains("thrown away for it: 0 blocks.\n\n| against | ");
    }

    @Test
    void section_ofBlocksThrownAway_countsWhoWasOverdue() {
        Outcome outcome = measured("");
        Contestant nginx = outcome.contestants().getLast();
        outcome.thrownAway().addAll(List.of(0.2, 0.3, 0.4));
        outcome.overdue().addAll(List.of(nginx, outcome.contestants().getFirst(), nginx));

        assertThat(new Report(outcome).section())
                .contains(
                        "thrown away for it: 3 blocks, in some of which an answer was overdue (Ringmaster 1, nginx 2).");
    }
}
