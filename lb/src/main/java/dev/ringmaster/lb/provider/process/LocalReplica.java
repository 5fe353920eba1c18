package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One local replica: its process, the port that it printed, and the last lines of its output. */
final class LocalReplica {
    private static final Logger LOG = LoggerFactory.getLogger(LocalReplica.class);
    private static final String PORT_LINE = "ringmaster-port ";
    private static final int LINES_KEPT = 20;

    private final ReplicaSpec spec;
    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final ArrayDeque<String> output = new ArrayDeque<>();
    private volatile boolean stopping;

    LocalReplica(ReplicaSpec spec, Process process) {
        this.spec = spec;
        this.process = process;
        Thread.ofPlatform().daemon().name("replica-output-" + spec.name()).start(this::readOutput);
    }

    ReplicaSpec spec() {
        return spec;
    }

    Process process() {
        return process;
    }

    /** Whether it ends because it was told to. */
    boolean stopping() {
        return stopping;
    }

    private void readOutput() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                note(line);
            }
        } catch (IOException ended) {
            LOG.debug("replica={} output ended: {}", spec.name(), ended.getMessage());
        }
        port.completeExceptionally(new ProviderException("it ended before it printed its port"));
    }

    private void note(String line) {
        LOG.debug("replica={} says: {}", spec.name(), line);
        if (line.startsWith(PORT_LINE) && line.length() <= PORT_LINE.length() + 5) {
            try {
                port.complete(Integer.parseInt(line.substring(PORT_LINE.length())));
                return;
            } catch (NumberFormatException otherOutput) {
                LOG.debug("replica={} printed no port: {}", spec.name(), line);
            }
        }
        synchronized (output) {
            output.addLast(line);
            if (output.size() > LINES_KEPT) {
                output.removeFirst();
            }
        }
    }

    /** The port that it printed. */
    int awaitPort(Duration deadline) throws ProviderException, InterruptedException {
        try {
            return port.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException ended) {
            process.waitFor(1, TimeUnit.SECONDS);
            throw new ProviderException("the replica's process " + ending(), ended);
        } catch (TimeoutException late) {
            throw new ProviderException("the replica's process printed no port within " + deadline, late);
        }
    }

    /** How it ended, in one line. */
    String ending() {
        String lines;
        synchronized (output) {
            lines = String.join(" | ", output);
        }
        String code = process.isAlive() ? "is alive" : "ended with exit code " + process.exitValue();
        return lines.isEmpty() ? code : code + ", last output: " + lines;
    }

    /** Asks it to end, forces it to after {@code grace}. */
    void stop(Duration grace) throws InterruptedException {
        stopping = true;
        if (!grace.isZero()) {
            process.destroy();
            if (process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            LOG.warn("replica={} did not end within {}: killed", spec.name(), grace);
        }
        process.destroyForcibly().waitFor();
    }
}
