package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

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
}
