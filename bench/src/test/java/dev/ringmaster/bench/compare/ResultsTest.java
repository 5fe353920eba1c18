package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    @TempDir
    private Path directory;

    @Test
    void merge_intoWhatSomebodyEdited_replacesTheSectionAlone() throws IOException {
        Path file = directory.resolve("RESULTS.md");
        merge(file, 1);
        String first = Files.readString(file);
        Files.writeString(file, first.replace("Made by", "Somebody made this by"));

        merge(file, 2);

        assertThat(Files.readString(file))
                .startsWith("# Results\n\n## Side by side\n\nSomebody made this by")
                .containsOnlyOnce("## Side by side")
                .containsOnlyOnce("<!-- begin ")
                .contains("| nginx | 2.000 ")
                .doesNotContain("| nginx | 1.000 ");
    }

    private static void merge(Path file, double nginx) throws IOException {
        Outcome outcome = Outcomes.of(Options.parse("scenario=latency", "blocks=1"), "", "nginx");
        outcome.add(Outcomes.block(outcome, 1, 1, nginx), 0);
        new Results(file).merge(outcome);
    }
}
