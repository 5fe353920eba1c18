package dev.ringmaster.bench;

import static java.util.stream.Collectors.joining;

import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of the benchmarks that have a parameter as a Markdown table, a row a value: the median of the iterations and, in brackets, the
 * least and the greatest. On a shared machine a mean would tell of the neighbours.
 */
final class LookupReport {
    private LookupReport() {}

    static void print(PrintStream out, Collection<RunResult> results, String parameter) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            if (!params.getParamsKeys().contains(parameter)) {
                continue;
            }
            String benchmark = params.getBenchmark();
            String column = benchmark.substring(benchmark.lastIndexOf('.') + 1) + ", n = " + params.getParam("nodes");
            rows.computeIfAbsent(params.getParam(parameter), _ -> new LinkedHashMap<>())
                    .put(column, cell(result));
        }
        rows.values().stream().findFirst().ifPresent(first -> {
            out.println("| ns, " + parameter + " | " + String.join(" | ", first.keySet()) + " |");
            out.println("|---|" + "---|".repeat(first.size()));
        });
        rows.forEach((value, cells) ->
                out.println("| " + value + " | " + cells.values().stream().collect(joining(" | ")) + " |"));
    }

    private static String cell(RunResult result) {
        double[] scores = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(IterationResult::getPrimaryResult)
                .mapToDouble(primary -> primary.getScore())
                .sorted()
                .toArray();
        return "%.1f (%.1f–%.1f)".formatted(scores[scores.length / 2], scores[0], scores[scores.length - 1]);
    }
}
