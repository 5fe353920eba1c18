package dev.ringmaster.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code ringmaster load} against a balancer, in the background, and its report. */
public final class Load {
    private final CompletableFuture<JsonNode> report;

    private Load(CompletableFuture<JsonNode> report) {
        this.report = report;
    }

    /** Starts {@code requests} requests to {@code /home} over 64 connections, unless {@code -c} says otherwise. */
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
                Patience.LIMIT.toSeconds() + "s",
                "--url",
                "http://127.0.0.1:" + port + "/home"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("-c")) {
            arguments.addAll(List.of("-c", "64"));
        }
        return new Load(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Dist.Outcome outcome = Dist.run(Path.of("."), Map.of(), arguments.toArray(String[]::new));
                        return new ObjectMapper().readTree(outcome.out());
                    } catch (IOException | InterruptedException broken) {
                        throw new IllegalStateException(broken);
                    }
                },
                Thread::startVirtualThread));
    }

    /** The report, once all requests are through. */
    public JsonNode await() {
        return report.join();
    }

    public boolean running() {
        return !report.isDone();
    }
}
