package dev.ringmaster.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code ringmaster load} against a balancer, in the background, and its report. */
public final class Load implements AutoCloseable {
    private final Process process;
    private final CompletableFuture<Dist.Outcome> left;
    private final int requests;

    private Load(Process process, int requests) {
        this.process = process;
        this.left = Dist.left(process);
        this.requests = requests;
    }

    /** Starts {@code requests} requests to {@code /home} over 64 connections, unless {@code more} says otherwise. */
    public static Load start(Balancer balancer, int requests, String... more) {
        return start(balancer.port(), requests, more);
    }

    /** The same, to a port of this machine. */
    public static Load start(int port, int requests, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "load",
                "-n",
                String.valueOf(requests),
                "--json",
                "--no-progress",
                "--timeout",
                Patience.LIMIT.toSeconds() + "s"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--url")) {
            arguments.addAll(List.of("--url", "http://127.0.0.1:" + port + "/home"));
        }
        if (!arguments.contains("-c")) {
            arguments.addAll(List.of("-c", "64"));
        }
        try {
            return new Load(Dist.command(Path.of("."), Map.of(), arguments).start(), requests);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The report, once all requests are through. */
    public JsonNode await() {
        return report(false);
    }

    /** Sends nothing more; the report of the requests that have an outcome by now. */
    public JsonNode end() {
        try {
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return report(true);
    }

    private JsonNode report(boolean interrupted) {
        try {
            Dist.Outcome outcome = Dist.end(process, left);
            JsonNode report = new ObjectMapper().readTree(outcome.out());
            int told = report.path("requests").asInt();
            boolean whole = interrupted ? told > 0 : told == requests;
            boolean clean = !interrupted && report.path("failed").asInt() == 0;
            if (!whole || report.path("interrupted").asBoolean() != interrupted || outcome.code() != (clean ? 0 : 1)) {
                throw new AssertionError("no report of " + requests + " requests: " + outcome);
            }
            return report;
        } catch (IOException | InterruptedException broken) {
            throw new IllegalStateException(broken);
        }
    }

    public boolean running() {
        return !left.isDone();
    }

    /** Ends it, if it still runs, without a report. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
