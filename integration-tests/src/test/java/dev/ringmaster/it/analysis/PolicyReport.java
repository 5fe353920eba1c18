package dev.ringmaster.it.analysis;

import dev.ringmaster.it.analysis.PolicyTrial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tries every policy under a skewed load and writes {@code POLICIES.md} and its chart into the directory it is given. */
public final class PolicyReport {
    /** Where /proc/stat has what a hypervisor gave to others. */
    private static final int STOLEN = 7;

    private static final double MOST_STOLEN = 0.1;
    private static final int MOST_TRIES = 20;
    private static final Map<String, List<String>> TRIALS = new LinkedHashMap<>();

    static {
        TRIALS.put("consistent-hash", List.of());
        TRIALS.put("consistent-hash, hot keys off", List.of("hash.hot-key-share=off"));
        TRIALS.put(
                "consistent-hash, hot keys and bound off",
                List.of("hash.hot-key-share=off", "hash.balance-factor=off"));
        for (String policy : List.of(
                "round-robin",
                "least-connections",
                "least-response-time",
                "power-of-d",
                "random",
                "first-available",
                "sticky")) {
            TRIALS.put(policy, List.of("policy=" + policy));
        }
    }

    private PolicyReport() {}

    /** Takes the directory to write to. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> trial : TRIALS.entrySet()) {
            outcomes.put(trial.getKey(), outcome(trial.getKey(), trial.getValue()));
        }
        new Charts(directory).policies(outcomes);
        Files.writeString(directory.resolve("POLICIES.md"), text(outcomes));
    }

    /** Tries again where others had more than a tenth of the processors: then a latency is theirs. */
    private static Outcome outcome(String name, List<String> settings) throws Exception {
        for (int tries = 1; ; tries++) {
            List<Long> before = processorTicks();
            Outcome outcome = PolicyTrial.run(settings.toArray(String[]::new));
            List<Long> after = processorTicks();
            long all = after.stream().mapToLong(Long::longValue).sum()
                    - before.stream().mapToLong(Long::longValue).sum();
            double stolen = (double) (after.get(STOLEN) - before.get(STOLEN)) / Math.max(1, all);
            System.err.printf("policies: %s, others had %.0f %% of the processors%n", name, 100 * stolen);
            if (stolen <= MOST_STOLEN || tries == MOST_TRIES) {
                return outcome;
            }
        }
    }

    /** As /proc/stat has them, without those of guests, which it counts twice. */
    private static List<Long> processorTicks() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        return Stream.of(line.split(" +", -1))
                .skip(1)
                .limit(STOLEN + 1L)
                .map(Long::valueOf)
                .toList();
    }

    private static String percent(double part) {
        return Double.isNaN(part) ? "–" : "%.1f %%".formatted(100 * part);
    }

    private static String text(Map<String, Outcome> outcomes) {
        StringBuilder text = new StringBuilder("""
                # Policies under a skewed load

                Made by `make policies` on %s, seed %d: five replicas of which each can do 16 requests at a time, 100 ms
                each; 480 requests a second in ten seconds, 60 %% of what they can do. One key has 15 %% of the requests,
                10,000 others follow Zipf's law (exponent 1.1). A latency counts from the moment that a request was due;
                100 ms of it is the service itself. *Wandering*: keys that another replica answered the second time,
                though nothing had changed. *Moved*: keys of the four others that another replica answered after the
                fifth had died; a dash where the fifth had them all. Trials during which others had more than a tenth of the
                processors were taken anew.

                ![p99 by policy](policies-p99.png)

                | policy | busiest replica over mean | p50, ms | p99, ms | wandering | moved | failed |
                |---|---|---|---|---|---|---|
                """.formatted(LocalDate.now(ZoneOffset.UTC), PolicyTrial.SEED));
        outcomes.forEach((name, outcome) -> text.append("| %s | %.2f | %.0f | %.0f | %s | %s | %d |%n"
                .formatted(
                        name,
                        outcome.peakToMean(),
                        outcome.percentile(0.5),
                        outcome.percentile(0.99),
                        percent(outcome.wandering()),
                        percent(outcome.moved()),
                        outcome.failed())));
        return text.toString();
    }
}
