package dev.ringmaster.bench.compare;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What a comparison found, as a section of Markdown. */
final class Report {
    private static final double PERCENT = 100;

    private final Outcome outcome;
    private final Options options;

    Report(Outcome outcome) {
        this.outcome = outcome;
        this.options = outcome.options();
    }

    /** What tells this section from others, such as "small-full-auto-pinned". */
    String key() {
        return String.join(
                "-",
                options.scenario().key(),
                options.table(),
                options.transport(),
                options.layout().key());
    }

    String title() {
        return "%s, table *%s*, transport %s"
                .formatted(
                        options.scenario().description(),
                        options.table(),
                        outcome.ours().transport());
    }

    String section() {
        StringBuilder text = new StringBuilder("### %s\n\n%s\n\n".formatted(title(), circumstances()));
        if (!outcome.preparation().isEmpty()) {
            text.append(outcome.preparation()).append("\n\n");
        }
        text.append(Goals.table(outcome)).append('\n');
        text.append(heading());
        outcome.contestants().forEach(contestant -> text.append(row(contestant)));
        text.append("\nVersions:\n\n");
        outcome.contestants().stream()
                .map(contestant -> "- %s: %s\n".formatted(contestant.name(), contestant.version()))
                .forEach(text::append);
        return text.append("\nOurs differs from the configuration that it is shipped with in: ")
                .append(outcome.ours().differences().entrySet().stream()
                        .map(setting -> "`%s: %s`".formatted(setting.getKey(), setting.getValue()))
                        .collect(Collectors.joining(", ")))
                .append(".\nIts JVM's flags: `")
                .append(outcome.ours().flags())
                .append("`.\n")
                .toString();
    }

    private String circumstances() {
        return ("%s, Linux %s, %d processors, layout %s; %d blocks, turns of %d s, seed %d. Medians with quartiles; "
                        + "ratios are taken within a block. Of the processors' time others had %.0f %%, at most %.0f %% "
                        + "in a block; thrown away for it: %d blocks%s.")
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        System.getProperty("os.version"),
                        outcome.processors(),
                        options.layout().key(),
                        outcome.blocks(),
                        options.turns().seconds(),
                        options.turns().seed(),
                        PERCENT * Statistics.of(outcome.stolen()).median(),
                        PERCENT * Collections.max(outcome.stolen()),
                        outcome.thrownAway().size(),
                        overdue());
    }

    private String overdue() {
        String counts = outcome.contestants().stream()
                .filter(outcome.overdue()::contains)
                .map(late -> late.name() + " " + Collections.frequency(outcome.overdue(), late))
                .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "" : ", in some of which an answer was overdue (" + counts + ")";
    }

    private String heading() {
        List<Figure> figures = options.scenario().work().figures();
        String headings = figures.stream()
                .map(figure -> figure.heading(options.scenario().work()))
                .collect(Collectors.joining(" | "));
        return "| proxy | %s | Ringmaster / this |\n|---|%s---|\n".formatted(headings, "---|".repeat(figures.size()));
    }

    private String row(Contestant contestant) {
        String cells = options.scenario().work().figures().stream()
                .map(figure -> outcome.of(contestant, figure).told(figure.format(), outcome.blocks()))
                .collect(Collectors.joining(" | "));
        return "| %s | %s | %s |\n"
                .formatted(
                        contestant.name(),
                        cells,
                        outcome.ratio(outcome.contestants().getFirst(), contestant)
                                .told("%.3f", outcome.blocks()));
    }
}
