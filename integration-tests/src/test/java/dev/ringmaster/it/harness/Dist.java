package dev.ringmaster.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
        process.getOutputStream().close();
        return end(process, left(process));
    }

    /** What a command leaves once it has ended; what it writes is read as it comes. */
    static CompletableFuture<Outcome> left(Process process) {
        CompletableFuture<String> out = text(process.getInputStream());
        CompletableFuture<String> err = text(process.getErrorStream());
        return process.onExit().thenApply(ended -> new Outcome(ended.exitValue(), out.join(), err.join()));
    }

    /** Waits for the end of a command; too long from now on is a failure, and so are faults in what it logged. */
    static Outcome end(Process process, CompletableFuture<Outcome> left) throws InterruptedException {
        try {
            Outcome outcome = left.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Faults.assertNone(outcome.err().lines().toList());
            return outcome;
        } catch (ExecutionException | TimeoutException late) {
            throw new AssertionError(process.info().commandLine().orElse("a command") + " did not end", late);
        } finally {
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> text(java.io.InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException gone) {
                        return "";
                    }
                },
                // Reading a process's output pins a virtual thread's carrier.
                task -> Thread.ofPlatform().daemon().start(task));
    }
}
