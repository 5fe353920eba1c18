package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.bench.compare.Accounting.Processor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlocksTest {
    private static final int EVERYBODY = 3;

    /** What comes of turns one after another; of all later ones a sample. */
    private static final class Script implements Trial {
        private final List<Contestant> turns = new ArrayList<>();
        private final Map<Integer, IOException> failures;

        Script(Map<Integer, IOException> failures) {
            this.failures = failures;
        }

        @Override
        public Sample take(Contestant contestant) throws IOException {
            turns.add(contestant);
            IOException failure = failures.get(turns.size());
            if (failure != null) {
                throw failure;
            }
            return Sample.of(Map.of(Figure.CPU, (double) turns.size()));
        }
    }

    private final List<Double> stolen = new ArrayList<>();
    private long all;
    private long taken;
    private boolean begun;

    /** A block of 100 ticks, of which others had the next share in {@link #stolen}, or none. */
    private Processor processors() {
        if (begun) {
            all += 100;
            taken += stolen.isEmpty() ? 0 : (long) (100 * stolen.removeFirst());
        }
        begun = !begun;
        return new Processor(all, 0, taken);
    }

    private static Outcome outcome(int patience) {
        return Outcomes.of(Options.parse("scenario=small", "blocks=2", "seed=1", "patience=" + patience), "", "nginx");
    }

    private void run(Outcome outcome, Script script) throws IOException, InterruptedException {
        new Blocks(outcome, script, this::processors).run();
    }

    @Test
    void blocks_withoutFailures_giveEverybodyATurnEach() throws Exception {
        Outcome outcome = outcome(0);
        Script script = new Script(Map.of());

        run(outcome, script);

        assertThat(script.turns).hasSize(2 * EVERYBODY);
        assertThat(script.turns.subList(0, EVERYBODY)).containsExactlyInAnyOrderElementsOf(outcome.contestants());
        assertThat(outcome.samples())
                .hasSize(EVERYBODY)
                .allSatisfy((_, samples) -> assertThat(samples).hasSize(2));
        assertThat(outcome.thrownAway()).isEmpty();
    }

    @Test
    void failure_inABlockThatOthersHad_endsTheComparison() {
        stolen.add(0.5);
        Outcome outcome = outcome(10);
        Script script = new Script(Map.of(2, new IOException("Non-2xx or 3xx responses: 1")));

        assertThatThrownBy(() -> run(outcome, script))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(": Non-2xx or 3xx responses: 1")
                .hasMessageStartingWith(script.turns.get(1).name());
        assertThat(script.turns).hasSize(2);
    }

    @Test
    void overdue_inABlockThatOthersHad_isThrownAwayAndCounted() throws Exception {
        stolen.addAll(List.of(0.0, 0.06, 0.0));
        Outcome outcome = outcome(10);
        Script script = new Script(Map.of(EVERYBODY + 1, new OverdueException("late")));

        run(outcome, script);

        assertThat(outcome.thrownAway()).containsExactly(0.06);
        assertThat(outcome.overdue()).containsExactly(script.turns.get(EVERYBODY));
        assertThat(script.turns).hasSize(2 * EVERYBODY + 1);
        assertThat(outcome.samples())
                .allSatisfy((_, samples) -> assertThat(samples).hasSize(2));
    }

    @Test
    void overdue_inACalmBlock_endsTheComparison() {
        stolen.add(0.05);
        Script script = new Script(Map.of(1, new OverdueException("late")));

        assertThatThrownBy(() -> run(outcome(10), script))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(": late");
    }

    @Test
    void patience_atItsEnd_takesWhatThereIsButNothingOverdue() throws Exception {
        stolen.addAll(List.of(0.5, 0.5));
        Outcome outcome = outcome(1);

        run(outcome, new Script(Map.of()));

        assertThat(outcome.thrownAway()).containsExactly(0.5);

        stolen.addAll(List.of(0.5, 0.5));
        Script script = new Script(Map.of(1, new OverdueException("late"), 2, new OverdueException("late again")));

        assertThatThrownBy(() -> run(outcome(1), script)).hasMessageEndingWith(": late again");
    }
}
