package dev.ringmaster.it.analysis;

import dev.ringmaster.it.analysis.Experiments.Run;
import dev.ringmaster.it.analysis.Experiments.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs the experiments and writes {@code REPORT.md} and its charts into the directory that is its argument. */
public final class Analysis {
    private final Path directory;
    private final StringBuilder report = new StringBuilder();

    private Analysis(Path directory) {
        this.directory = directory;
    }

    /** Takes the directory to write to. */
    public static void main(String[] arguments) throws IOException {
        new Analysis(Files.createDirectories(Path.of(arguments[0]).toAbsolutePath())).run();
    }

    private static void progress(String what) {
        System.err.println("analysis: " + what);
    }

    private void run() throws IOException {
        Experiments experiments = new Experiments();
        Map<String, Run> three = new LinkedHashMap<>();
        Map<String, Map<Integer, Run>> growing = new LinkedHashMap<>();
        for (Algorithm algorithm : Algorithm.ALL) {
            progress("A-1 " + algorithm.name());
            three.put(algorithm.name(), experiments.three(algorithm));
            progress("A-2 " + algorithm.name());
            growing.put(algorithm.name(), experiments.growing(algorithm));
        }
        progress("A-3 calls");
        Map<String, String> endpoints = experiments.endpoints();
        progress("A-3 kills");
        List<Long> recoveries = experiments.recoveries().stream().sorted().toList();
        Charts charts = new Charts(directory);
        String first = Algorithm.ALL.getFirst().name();
        charts.bars(three);
        charts.averages(first, growing.getOrDefault(first, Map.of()));
        charts.peaks(growing);
        write(three, growing);
        write(endpoints, recoveries);
        Files.writeString(directory.resolve("REPORT.md"), report);
        progress("written to " + directory);
    }

    private void line(String text) {
        report.append(text).append('\n');
    }

    private void write(Map<String, Run> three, Map<String, Map<Integer, Run>> growing) {
        line("# Analysis");
        line("");
        line("Made by `make analysis` on %s: the compose stack, the hello server as replica, random keys."
                .formatted(LocalDate.now(ZoneOffset.UTC)));
        line("*Homes*: 10,000 requests one at a time, so that nothing but the key decides. *Answers*: 10,000 over 64");
        line("connections.");
        line("");
        line("## A-1: 10,000 requests on three replicas");
        line("");
        line("![requests a replica](a1-requests-per-replica.png)");
        line("");
        line("| algorithm | homes by slot | peak/mean | answers by slot | peak/mean | standard deviation |");
        line("|---|---|---|---|---|---|");
        three.forEach((name, run) -> line("| %s | %s | %.3f | %s | %.3f | %.0f |"
                .formatted(
                        name,
                        bySlot(run.homes()),
                        run.homes().peakToMean(),
                        bySlot(run.answers()),
                        run.answers().peakToMean(),
                        run.answers().deviation())));
        line("");
        line("## A-2 and A-4: two to six replicas, 10,000 requests each");
        line("");
        line("![average load](a2-average-load.png)");
        line("");
        line("![peak over mean](a4-peak-over-mean.png)");
        line("");
        line("Peak/mean of homes, of answers (and the standard deviation of the answers a replica):");
        line("");
        line("| algorithm | 2 | 3 | 4 | 5 | 6 |");
        line("|---|---|---|---|---|---|");
        growing.forEach((name, runs) -> line("| %s | %s |"
                .formatted(
                        name,
                        runs.values().stream()
                                .map(run -> "%.3f, %.3f (%.0f)"
                                        .formatted(
                                                run.homes().peakToMean(),
                                                run.answers().peakToMean(),
                                                run.answers().deviation()))
                                .collect(Collectors.joining(" | ")))));
        line("");
    }

    private static String bySlot(Shares shares) {
        return shares.answers().values().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private void write(Map<String, String> endpoints, List<Long> recoveries) {
        line("## A-3: calls, and kills under load");
        line("");
        line("```");
        endpoints.forEach((call, answer) -> line("%s%n    %s".formatted(call, answer)));
        line("```");
        line("");
        line(
                "%d kills of a replica's container at 1,000 requests a second, no request failed; back to three replicas after"
                        .formatted(recoveries.size()));
        line("%d ms (median), %d ms (most): %s."
                .formatted(recoveries.get(recoveries.size() / 2), recoveries.getLast(), recoveries));
    }
}
