package dev.ringmaster.lb.provider.docker;

import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicas as containers of one Docker engine. They outlive the balancer; labels tell whose they are.
 *
 * <pre>
 *   start, stop, list ──> Engine ──> the engine's socket
 *   EngineWatch <── events ── Engine      tells of deaths, endings and freezes, and whether the engine is there
 * </pre>
 */
public final class DockerProvider implements ReplicaProvider {
    private static final Logger LOG = LoggerFactory.getLogger(DockerProvider.class);

    private final DockerOptions options;
    private final String pool;
    private final Engine engine;
    private final Replicas replicas = new Replicas();
    private final EngineWatch watch;
    private boolean owning;
    /** The container that says so: another one of that name would be another balancer's. */
    private String claim = "";

    /** Speaks to the engine at the options' socket; does nothing yet. */
    public DockerProvider(DockerOptions options, String pool) {
        this(
                options,
                pool,
                options.hasAgent() ? new AgentEngine(options.agent(), pool) : new DockerEngine(options, pool));
    }

    DockerProvider(DockerOptions options, String pool, Engine engine) {
        this.options = options;
        this.pool = pool;
        this.engine = engine;
        this.watch = new EngineWatch(engine, replicas, pool, options.network());
    }

    @Override
    public boolean managed() {
        return true;
    }

    @Override
    public boolean outlives() {
        return true;
    }

    @Override
    public boolean available() {
        return watch.available();
    }

    @Override
    public void check() throws ProviderException {
        String key = options.hasAgent() ? "provider-docker.agent" : "provider-docker.socket";
        Path socket = options.hasAgent() ? options.agent() : options.socket();
        if (!Files.exists(socket)) {
            throw new ProviderException(key + ": there is no " + socket);
        }
        if (!Files.isReadable(socket) || !Files.isWritable(socket)) {
            throw new ProviderException(key + ": no permission to use " + socket);
        }
        engine.check();
        own();
    }

    /** Makes this balancer the pool's owner, if there is no other that lives. */
    private void own() throws ProviderException {
        String self = Owner.self();
        // Twice: the first finds what a dead owner left behind.
        for (int i = 0; i < 2 && !owning; i++) {
            owning = engine.claim(self);
            if (owning) {
                claim = engine.inspect(engine.ownerName()).map(Container::id).orElse("");
            } else {
                giveUpBy(engine.inspect(engine.ownerName()));
            }
        }
        if (!owning) {
            throw new ProviderException("pool '" + pool + "' was just taken by another balancer");
        }
        watch.released(false);
    }

    private void giveUpBy(Optional<Container> claim) throws ProviderException {
        if (claim.isEmpty()) {
            return;
        }
        String owner = claim.get().label(Labels.OWNER);
        Optional<String> container = Owner.container(owner);
        Owner.State state = container.isEmpty()
                ? Owner.process(owner)
                : !Owner.before(owner)
                                && engine.inspect(container.get())
                                        .filter(Container::running)
                                        .isPresent()
                        ? Owner.State.ALIVE
                        : Owner.State.GONE;
        switch (state) {
            case GONE -> engine.remove(claim.get().id());
            case ALIVE -> throw new ProviderException("pool '" + pool + "' is owned by another balancer, " + owner);
            case UNKNOWN ->
                throw new ProviderException("pool '" + pool + "' is owned by " + owner
                        + ", which cannot be seen from here; if it is gone: docker rm " + engine.ownerName());
        }
    }

    @Override
    public RunningReplica start(ReplicaSpec spec, Duration deadline) throws ProviderException {
        boolean started = false;
        try {
            String id = engine.create(spec);
            // Known from here on, so that its death is told however soon it comes.
            replicas.add(spec.id(), id);
            engine.start(id);
            Container container = startedAs(id);
            replicas.at(spec.id(), container.address());
            started = true;
            return running(spec, container);
        } catch (ProviderException failed) {
            watch.doubt(failed);
            throw failed;
        } finally {
            if (!started) {
                undo(spec.id());
            }
        }
    }

    private RunningReplica running(ReplicaSpec spec, Container container) {
        return new RunningReplica(
                spec, new InetSocketAddress(InetAddresses.forString(container.address()), options.port()));
    }

    private Container startedAs(String id) throws ProviderException {
        Container container =
                engine.inspect(id).orElseThrow(() -> new ProviderException("the replica's container was removed"));
        if (!container.running() || container.address().isEmpty()) {
            throw new ProviderException("the replica's container ended with exit code " + container.exitCode()
                    + ", last output: " + engine.lastOutput(id));
        }
        return container;
    }

    /** Nothing is to be left, also of a creation whose outcome is unknown. */
    private void undo(ReplicaId id) {
        try {
            stop(id, Duration.ZERO);
        } catch (ProviderException later) {
            LOG.warn("id={} removed=false reason=\"{}\"", id, later.getMessage());
        }
    }

    @Override
    public void stop(ReplicaId id, Duration grace) throws ProviderException {
        replicas.stopping(id);
        try {
            // By label, not from memory: a creation that timed out may have come about since.
            for (Container container : engine.list()) {
                if (container.label(Labels.OPERATION).equals(id.toString())) {
                    end(container, grace);
                }
            }
            replicas.remove(id);
        } catch (ProviderException failed) {
            watch.doubt(failed);
            throw failed;
        }
    }

    private void end(Container container, Duration grace) throws ProviderException {
        if (!container.running()) {
            watch.clearAway(container.id());
            return;
        }
        if (!grace.isZero()) {
            engine.stop(container.id(), grace);
        }
        engine.remove(container.id());
    }

    @Override
    public List<RunningReplica> list() throws ProviderException {
        List<RunningReplica> running = new ArrayList<>();
        for (Container container : engine.list()) {
            Optional<ReplicaSpec> spec = spec(container);
            if (container.running() && !container.address().isEmpty() && spec.isPresent()) {
                replicas.add(spec.get().id(), container.id());
                replicas.at(spec.get().id(), container.address());
                running.add(running(spec.get(), container));
            } else {
                watch.clearAway(container.id());
            }
        }
        return running;
    }

    private static Optional<ReplicaSpec> spec(Container container) {
        try {
            return Optional.of(new ReplicaSpec(
                    new ReplicaId(container.label(Labels.OPERATION)),
                    container.name(),
                    Integer.parseInt(container.label(Labels.SLOT))));
        } catch (IllegalArgumentException notOurs) {
            LOG.warn("container={} labels are not understood: {}", container.name(), notOurs.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void watch(Events events) {
        watch.start(events);
    }

    /** The labels tell all that the next owner has to know. */
    @Override
    public List<String> release() throws ProviderException {
        watch.released(true);
        if (!claim.isEmpty()) {
            engine.remove(claim);
        }
        owning = false;
        return List.of();
    }

    @Override
    public void inherit(List<String> released) {
        // Found by label.
    }

    /** Lets the pool go; containers that run run on, those that have just died are cleared away. */
    @Override
    public void close() {
        watch.close();
        if (owning) {
            try {
                letGo();
            } catch (ProviderException left) {
                LOG.warn("owner={} removed=false reason=\"{}\"", engine.ownerName(), left.getMessage());
            }
        }
        engine.close();
    }

    private void letGo() throws ProviderException {
        for (Container container : engine.list()) {
            if (!container.running()) {
                watch.clearAway(container.id());
            }
        }
        if (!claim.isEmpty()) {
            engine.remove(claim);
        }
    }
}
