package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
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
    /**
     * The last words of a process that has ended come at once, unless a child of it keeps its output open, or this
     * process is held up.
     */
    private static final long LAST_WORDS_MILLIS = 1000;
    /** A process ended by a signal has 128 and its number as exit code: here hang-up, interrupt, quit, kill, terminate. */
    private static final Set<Integer> ENDED_BY_OTHERS = Set.of(129, 130, 131, 137, 143);

    private final ReplicaSpec spec;
    private final ProcessHandle process;
    private final ReplicaOutput output;
    /** Completes with the exit code, which only its parent learns. */
    private final CompletableFuture<OptionalInt> exit;

    private final CompletableFuture<Void> ended;
    private volatile boolean stopping;

    private LocalReplica(
            ReplicaSpec spec, ProcessHandle process, ReplicaOutput output, CompletableFuture<OptionalInt> exit) {
        this.spec = spec;
        this.process = process;
        this.output = output;
        this.exit = exit;
        this.ended =
                exit.thenCompose(_ -> output.ended().completeOnTimeout(null, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
        ended.thenRun(() -> output.port().completeExceptionally(new IllegalStateException("no port")));
    }

    /** A process that was just started from here. */
    static LocalReplica started(ReplicaSpec spec, Process process) {
        ReplicaOutput output = ReplicaOutput.follow(spec.name(), process::inputReader);
        return new LocalReplica(
                spec,
                process.toHandle(),
                output,
                process.onExit().thenApply(ended -> OptionalInt.of(ended.exitValue())));
    }

    /** A process that another balancer has started and handed over. */
    static LocalReplica inherited(InheritedProcess process) {
        ReplicaOutput output = ReplicaOutput.follow(process.spec().name(), process::output);
        output.port().complete(process.port());
        return new LocalReplica(
                process.spec(), process.handle(), output, process.ended().thenApply(_ -> OptionalInt.empty()));
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

    /** Whether it has told its port and still runs, as far as is known. */
    boolean running() {
        return !exit.isDone() && output.port().isDone() && !output.port().isCompletedExceptionally();
    }

    /** What runs; its port has to be known. */
    RunningReplica replica() {
        return new RunningReplica(
                spec,
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), output.port().join()));
    }

    /** For the next balancer. */
    String handedOver() {
        return InheritedProcess.line(spec, output.port().join(), process.pid());
    }

    /** How it ended; only once it has. A fault of its own is a signal, too, but nobody sent it. */
    ReplicaProvider.Exit exit() {
        OptionalInt code = exit.join();
        return new ReplicaProvider.Exit(ending(), code.isPresent() && ENDED_BY_OTHERS.contains(code.getAsInt()));
    }

    private String ending() {
        OptionalInt code = exit.join();
        return (code.isPresent() ? "ended with exit code " + code.getAsInt() : "ended") + tail();
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
                if (endsWithin(grace)) {
                    return;
                }
                LOG.warn("replica={} did not end within {}: killed", spec.name(), grace);
            }
            process.destroyForcibly();
            while (!endsWithin(grace.plusSeconds(1))) {
                LOG.warn("replica={} was killed and has not ended", spec.name());
            }
        } finally {
            // A replica behind a script is the script's child, which a signal to the script does not reach.
            family.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private boolean endsWithin(Duration limit) throws InterruptedException {
        try {
            exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException unlikely) {
            throw new IllegalStateException(unlikely);
        }
    }
}
