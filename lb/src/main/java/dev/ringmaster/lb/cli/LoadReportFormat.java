package dev.ringmaster.lb.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.FormatMethod;
import dev.ringmaster.lb.cli.load.LoadReport;
import dev.ringmaster.lb.cli.load.Spread;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;

/** A load's report as text for people and as JSON for programs. */
final class LoadReportFormat {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS_A_MILLI = 1e6;

    private LoadReportFormat() {}

    static String text(LoadReport report) {
        StringJoiner lines = new StringJoiner(System.lineSeparator());
        lines.add(line("requests      %d (ok %d, failed %d)", report.requests(), report.ok(), report.failed())
                + (report.interrupted() ? ", interrupted" : ""));
        report.failures().forEach((kind, count) -> {
            if (count > 0) {
                lines.add(line("  %-12s %d", kind.label(), count));
            }
        });
        lines.add(line("time          %.3f s, %.0f requests/s", report.seconds(), report.rate()));
        StringJoiner latencies = new StringJoiner("  ", "latency ms    ", "");
        report.latencies().millis().forEach((name, millis) -> latencies.add(line("%s %.3f", name, millis)));
        lines.add(latencies.toString());
        lines.add(line("longest gap   %.3f ms between answers", millis(report.longestGap())));
        lines.add(line("latest send   %.3f ms behind its moment", millis(report.latestSend())));
        addReplicas(report, lines);
        return lines.toString();
    }

    private static void addReplicas(LoadReport report, StringJoiner lines) {
        if (report.replicas().isEmpty()) {
            return;
        }
        Spread spread = report.spread();
        lines.add(line(
                "replicas      %d: mean %.1f, standard deviation %.1f, peak/mean %.3f",
                report.replicas().size(), spread.mean(), spread.standardDeviation(), spread.peakToMean()));
        report.replicas().forEach((name, count) -> lines.add(line("  %-12s %d", name, count)));
    }

    static String json(LoadReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("requests", report.requests()).put("ok", report.ok()).put("failed", report.failed());
        ObjectNode failures = root.putObject("failures");
        report.failures().forEach((kind, count) -> failures.put(kind.label(), count));
        root.put("seconds", report.seconds()).put("requests_per_second", report.rate());
        ObjectNode latencies = root.putObject("latency_ms");
        report.latencies().millis().forEach(latencies::put);
        root.put("longest_gap_ms", millis(report.longestGap())).put("latest_send_ms", millis(report.latestSend()));
        ObjectNode replicas = root.putObject("replicas");
        report.replicas().forEach(replicas::put);
        Spread spread = report.spread();
        root.putObject("spread")
                .put("mean", spread.mean())
                .put("standard_deviation", spread.standardDeviation())
                .put("peak_to_mean", spread.peakToMean());
        return root.put("interrupted", report.interrupted()).toString();
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_A_MILLI;
    }

    @FormatMethod
    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
