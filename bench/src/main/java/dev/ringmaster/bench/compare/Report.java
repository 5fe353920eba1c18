package dev.ringmaster.bench.compare;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the comparison found, as Markdown. */
final class Report {
    private final Options options;
    private final List<Contestant> contestants;
    private final Map<String, List<Sample>> samples;

    Report(Options options, List<Contestant> contestants, Map<String, List<Sample>> samples) {
        this.options = options;
        this.contestants = contestants;
        this.samples = samples;
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("### %s, table *%s*\n\n".formatted(options.scenario().description(), options.table()));
        text.append("%s, %d blocks of %d s, seed %d. Medians with quartiles; ratios are taken within a block.\n\n"
                .formatted(LocalDate.now(ZoneOffset.UTC), options.blocks(), options.seconds(), options.seed()));
        text.append(
                "| proxy | version | CPU %s | a second | its processor busy | Ringmaster's CPU / this |\n|---|---|---|---|---|---|\n"
                        .formatted(options.scenario().work().unit()));
        contestants.forEach(contestant -> text.append(row(contestant)));
        return text.toString();
    }

    private String row(Contestant contestant) {
        List<Sample> own = samples.getOrDefault(contestant.name(), List.of());
        return "| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        contestant.name(),
                        contestant.version(),
                        of(own, Sample::cpu).told("%.2f"),
                        of(own, Sample::rate).told("%.0f"),
                        of(own, Sample::busy).told("%.2f"),
                        ratio(own).told("%.3f"));
    }

    private static Statistics of(List<Sample> own, ToDoubleFunction<Sample> figure) {
        return Statistics.of(own.stream().map(figure::applyAsDouble).toList());
    }

    private Statistics ratio(List<Sample> rival) {
        List<Sample> ours = samples.getOrDefault(contestants.getFirst().name(), List.of());
        return Statistics.of(IntStream.range(0, rival.size())
                .mapToObj(block -> ours.get(block).cpu() / rival.get(block).cpu())
                .toList());
    }
}
