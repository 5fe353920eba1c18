package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator for saturation: each connection sends as soon as it is answered. */
final class Wrk {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([0-9.]+)(ms|s|m),");
    private static final Pattern FAULT = Pattern.compile("(?m)^\\s*(Socket errors:.*|Non-2xx or 3xx responses:.*)$");
    private static final String UPLOAD = """
            wrk.method = "POST"
            wrk.body = string.rep("x", 1048576)
            """;

    private static final int WARM_SECONDS = 3;
    /** What is on a JVM gets faster for about so long. */
    private static final int COMPILED_SECONDS = 20;

    private final Scenario scenario;
    private final String processors;
    private final Path script;

    /** Has the generator run on these processors. */
    Wrk(Scenario scenario, String processors, Path directory) throws IOException {
        this.scenario = scenario;
        this.processors = processors;
        this.script = Files.writeString(directory.resolve("upload.lua"), UPLOAD);
    }

    /** Answered requests of one run and how long it took, in seconds. */
    record Outcome(long requests, double seconds) {
        double rate() {
            return requests / seconds;
        }
    }

    /**
     * Runs for that many seconds. Throws {@link IOException} if a single request failed, and {@link OverdueException} if
     * none was answered.
     */
    Outcome run(int port, int seconds) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(port, seconds))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk failed: " + output);
        }
        return outcome(output);
    }

    /** Loads a contestant until it is as fast as it will be. */
    void warmUp(Contestant contestant) throws IOException, InterruptedException {
        run(contestant.port(), contestant.compiles() ? COMPILED_SECONDS : WARM_SECONDS);
    }

    /** What it says of itself at its end. */
    static Outcome outcome(String output) throws IOException {
        Matcher requests = REQUESTS.matcher(output);
        if (!requests.find()) {
            throw new IOException("wrk failed: " + output);
        }
        Matcher fault = FAULT.matcher(output);
        if (fault.find()) {
            throw new IOException("a comparison counts only without failures: " + fault.group(1));
        }
        long answered = Long.parseLong(requests.group(1));
        if (answered == 0) {
            throw new OverdueException("not a single answer in " + requests.group(2) + requests.group(3));
        }
        double scale = switch (requests.group(3)) {
            case "ms" -> 1e-3;
            case "m" -> 60;
            default -> 1;
        };
        return new Outcome(answered, Double.parseDouble(requests.group(2)) * scale);
    }

    private List<String> command(int port, int seconds) {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", processors, "wrk", "-t1", "--timeout", "30s"));
        command.add("-c" + scenario.connections());
        command.add("-d" + seconds + "s");
        if (scenario.work() == Scenario.Work.CONNECTIONS) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        if (scenario.work() == Scenario.Work.UPLOADS) {
            command.addAll(List.of("-s", script.toString()));
        }
        command.add("http://127.0.0.1:" + port + scenario.path());
        return command;
    }
}
