package dev.ringmaster.it.docker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The docker command. */
public final class Docker {
    private Docker() {}

    /** A name for a pool and its network, by which whoever runs the tests finds what an interrupted one left. */
    static String name() {
        String run = System.getenv().getOrDefault("TEST_RUN_OF_RINGMASTER", "by-hand");
        return "it-" + run + "-" + Long.toHexString(new Random().nextLong());
    }

    /** Lines that it prints; an {@link AssertionError} with them if it fails. */
    public static List<String> run(String... arguments) throws IOException {
        return runWith("", arguments);
    }

    /** The same, with a text to read. */
    static List<String> runWith(String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (exitCode(process) != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + lines);
        }
        return lines;
    }

    static int exitCode(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stopped);
        }
    }
}
