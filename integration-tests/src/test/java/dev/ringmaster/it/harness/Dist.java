package dev.ringmaster.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The distribution under test, and its command line run to the end. */
public final class Dist {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private Dist() {}

    public static Path home() {
        return Path.of(System.getProperty("ringmaster.dist", "../lb/target/dist"))
                .toAbsolutePath()
                .normalize();
    }

    /** What a finished command left. */
    public record Outcome(int code, String out, String err) {}

    static ProcessBuilder command(Path workDir, Map<String, String> environment, List<String> arguments) {
        List<String> words =
                new ArrayList<>(List.of(home().resolve("bin/ringmaster").toString()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).directory(workDir.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs {@code ringmaster} with these arguments and waits for its end. */
    public static Outcome run(Path workDir, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Process process = command(workDir, environment, List.of(arguments)).start();
        try {
            process.getOutputStream().close();
            CompletableFuture<String> out = text(process.getInputStream());
            CompletableFuture<String> err = text(process.getErrorStream());
            if (!process.waitFor(TIMEOUT)) {
                throw new AssertionError("ringmaster " + String.join(" ", arguments) + " did not end");
            }
            return new Outcome(process.exitValue(), out.join(), err.join());
        } finally {
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> text(java.io.InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException gone) {
                return "";
            }
        });
    }
}
