package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One local replica: its process and what that prints. */
final class LocalReplica {
    private static final Logger LOG = LoggerFactory.getLogger(LocalReplica.class);
    /** The last words of a process that has ended come at once, unless a child of it keeps its output open. */
    private static final long LAST_WORDS_MILLIS = 100;
    /** A process ended by a signal has 128 and its number as exit code: here hang-up, interrupt, quit, kill, terminate. */
    private static final Set<Integer> ENDED_BY_OTHERS = Set.of(129, 130, 131, 137, 143);

    private final ReplicaSpec spec;
    private final Process process;
    private final ReplicaOutput output;
    private final CompletableFuture<Void> ended;
    private volatile boolean stopping;

    LocalReplica(ReplicaSpec spec, Process process) {
        this.spec = spec;
        this.process = process;
        this.output = new ReplicaOutput(spec.name());
        Thread.ofPlatform()
                .daemon()
                .name("replica-output-" + spec.name())
                .start(() -> output.readFrom(process.inputReader()));
        this.ended = process.onExit()
                .thenCompose(_ -> output.ended().completeOnTimeout(null, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
        ended.thenRun(() -> output.port().completeExceptionally(new IllegalStateException("no port")));
    }

    ReplicaSpec spec() {
        return spec;
    }

    /** Completes when the process has ended and its last output is known. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Whether it ends because it was told to. */
    boolean stopping() {
        return stopping;
    }

    /** The port that it printed. */
    int awaitPort(Duration deadline) throws ProviderException, InterruptedException {
        try {
            return output.port().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException withoutPort) {
            throw new ProviderException("the replica's process " + ending(), withoutPort);
        } catch (TimeoutException late) {
            throw new ProviderException("the replica's process printed no port within " + deadline + tail(), late);
        }
    }

    /** How it ended; only once it has. A fault of its own is a signal, too, but nobody sent it. */
    ReplicaProvider.Exit exit() {
        return new ReplicaProvider.Exit(ending(), ENDED_BY_OTHERS.contains(process.exitValue()));
    }

    private String ending() {
        return "ended with exit code " + process.exitValue() + tail();
    }

    private String tail() {
        String lines = output.tail();
        return lines.isEmpty() ? "" : ", last output: " + lines;
    }

    /** None if the system cannot tell, as when descriptors have run out: it must be stopped all the same. */
    private List<ProcessHandle> descendants() {
        try {
            return process.descendants().toList();
        } catch (RuntimeException unknown) {
            LOG.warn("replica={} children=unknown reason=\"{}\"", spec.name(), unknown.getMessage());
            return List.of();
        }
    }

    /** Asks it to end, forces it and its own children to after {@code grace}, and returns once it is gone. */
    void stop(Duration grace) throws InterruptedException {
        stopping = true;
        List<ProcessHandle> family = descendants();
        try {
            if (!grace.isZero()) {
                process.destroy();
                if (process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                LOG.warn("replica={} did not end within {}: killed", spec.name(), grace);
            }
            process.destroyForcibly().waitFor();
        } finally {
            // A replica behind a script is the script's child, which a signal to the script does not reach.
            family.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
