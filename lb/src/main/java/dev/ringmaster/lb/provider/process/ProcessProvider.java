package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replicas as child processes. Their standard input is the pool's {@link LifeLine}, so that none outlives an unclean
 * death of the balancer; their exit is noticed at once through the process handle.
 */
public final class ProcessProvider implements ReplicaProvider {
    /** Starts a replica in a session of its own: what a terminal sends to the balancer must not reach the replicas. */
    private static final String SESSION = "setsid";

    private final ProcessOptions options;
    private final LifeLine lifeLine;
    private final Map<ReplicaId, LocalReplica> running = new ConcurrentHashMap<>();
    private volatile @Nullable Events events;

    /**
     * Starts nothing yet.
     *
     * @param stateDir directory for the FIFO, made if missing
     * @param pool name of the pool, which names the FIFO
     */
    public ProcessProvider(ProcessOptions options, Path stateDir, String pool) {
        this.options = options;
        this.lifeLine = new LifeLine(stateDir.resolve(pool + ".fifo"));
    }

    @Override
    public boolean managed() {
        return true;
    }

    /** They end with the balancer, unless another one holds their life line, too. */
    @Override
    public boolean outlives() {
        return false;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public void check() throws ProviderException {
        String program = options.command().getFirst();
        if (!found(program)) {
            throw new ProviderException("provider-process.command: '" + program + "' is not an executable file");
        }
        if (!found(SESSION)) {
            throw new ProviderException("provider=process needs the program '" + SESSION + "', which was not found");
        }
        lifeLine.open();
    }

    private static boolean found(String program) {
        return program.contains("/")
                ? Files.isExecutable(Path.of(program))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Override
    public RunningReplica start(ReplicaSpec spec, Duration deadline) throws ProviderException, InterruptedException {
        LocalReplica replica = launch(spec);
        boolean started = false;
        try {
            // Known from here on, so that stopping it ends the wait for its port, too.
            running.put(spec.id(), replica);
            replica.awaitPort(deadline);
            started = true;
            replica.ended().thenRun(() -> ended(replica));
            return replica.replica();
        } finally {
            if (!started) {
                replica.stop(Duration.ZERO);
                running.remove(spec.id());
            }
        }
    }

    private LocalReplica launch(ReplicaSpec spec) throws ProviderException {
        // Becomes the command itself, in the same process.
        List<String> command = Stream.concat(Stream.of(SESSION), options.command().stream())
                .map(word -> word.replace("{port}", "0").replace("{id}", spec.name()))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SERVER_ID", spec.name());
        builder.environment().put("SERVER_EXIT_ON_STDIN_CLOSE", "true");
        try {
            return LocalReplica.started(spec, lifeLine.start(builder));
        } catch (IOException failed) {
            throw new ProviderException(
                    "cannot start '" + options.command().getFirst() + "': " + failed.getMessage(), failed);
        }
    }

    private void ended(LocalReplica replica) {
        running.remove(replica.spec().id());
        Events listener = events;
        if (listener != null && !replica.stopping()) {
            listener.exited(replica.spec().id(), replica.exit());
        }
    }

    @Override
    public void stop(ReplicaId id, Duration grace) throws InterruptedException {
        LocalReplica replica = running.get(id);
        if (replica != null) {
            replica.stop(grace);
        }
    }

    /** Those of this balancer, or handed over to it: all others end with the balancer that started them. */
    @Override
    public List<RunningReplica> list() {
        return running.values().stream()
                .filter(LocalReplica::running)
                .map(LocalReplica::replica)
                .toList();
    }

    /** Both balancers hold the life line from {@link #inherit} on. */
    @Override
    public List<String> release() {
        return running.values().stream()
                .filter(LocalReplica::running)
                .map(LocalReplica::handedOver)
                .toList();
    }

    @Override
    public void inherit(List<String> released) throws ProviderException {
        lifeLine.share();
        try {
            for (String line : released) {
                InheritedProcess.read(line).map(LocalReplica::inherited).ifPresent(replica -> {
                    running.put(replica.spec().id(), replica);
                    replica.ended().thenRun(() -> ended(replica));
                });
            }
        } catch (IllegalArgumentException unreadable) {
            throw new ProviderException(String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    @Override
    public void watch(Events listener) {
        events = listener;
    }

    /** Lets go of the life line: replicas that still run end then. */
    @Override
    public void close() {
        try {
            lifeLine.close();
        } catch (IOException unlikely) {
            throw new UncheckedIOException(unlikely);
        }
    }
}
