package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of results: one marked section a comparison, replaced when it is made again. */
final class Results {
    private static final String HEADING = "## Side by side\n";
    private static final String READING = """

            Made by `make compare` with the rivals that a section names (`make bench` takes all), a section a scenario, table,
            transport and layout; making one again replaces it. A ratio is ours over the other's, so less is better. A goal is
            judged by the 95 % interval of the median, and by that of ours against itself: where the bound is inside of the
            one, or nearer than the other reaches, the verdict is *within the resolution*. All other ranges are quartiles.
            """;

    private final Path file;

    Results(Path file) {
        this.file = file;
    }

    /** Puts a comparison's section in the place of its last one, or at the end, and draws its chart. */
    void merge(Outcome outcome) throws IOException {
        Report report = new Report(outcome);
        String begin = "<!-- begin %s -->\n".formatted(report.key());
        String end = "<!-- end %s -->\n".formatted(report.key());
        Path chart = Chart.draw(outcome, report, file.resolveSibling("charts"));
        String section = "%s%s\n![%s](charts/%s)\n%s"
                .formatted(begin, report.section(), report.title(), chart.getFileName(), end);
        String text = Files.exists(file) ? Files.readString(file) : "# Results\n";
        if (!text.contains(HEADING)) {
            text = text.stripTrailing() + "\n\n" + HEADING + READING;
        }
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        Files.writeString(
                file,
                from < 0 || to < from
                        ? text.stripTrailing() + "\n\n" + section
                        : text.substring(0, from) + section + text.substring(to + end.length()));
    }
}
