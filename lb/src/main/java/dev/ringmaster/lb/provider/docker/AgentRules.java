package dev.ringmaster.lb.provider.docker;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the agent does for a caller and what it refuses, by a {@link SecurityException}: it touches nothing but the pool's
 * own containers, told by their labels, acts by full id, and creates so many in all and so many a second. Any thread.
 */
final class AgentRules {
    /** Creations a second in the long run; as many at once as there may be containers. */
    private static final double RATE = 2;

    private static final double NANOS = 1e9;

    private final Engine engine;
    private final String pool;
    private final int most;
    private final LongSupplier nanos;
    private double tokens;
    private long filledAt;

    /**
     * Rules of one pool.
     *
     * @param most containers that there may be at a time, running or not
     * @param nanos the clock
     */
    AgentRules(Engine engine, String pool, int most, LongSupplier nanos) {
        this.engine = engine;
        this.pool = pool;
        this.most = most;
        this.nanos = nanos;
        this.tokens = most;
        this.filledAt = nanos.getAsLong();
    }

    /**
     * A container of the pool, or the one that stands for its owner; of the container in which that owner runs, only
     * whether it does. Empty if there is no such container.
     */
    Optional<Container> inspect(String idOrName) throws ProviderException {
        Optional<Container> found = engine.inspect(idOrName);
        if (found.isEmpty() || isPools(found.get()) || isClaim(found.get())) {
            return found;
        }
        Container other = found.get();
        Optional<String> owner = engine.inspect(engine.ownerName())
                .filter(this::isClaim)
                .flatMap(claim -> Owner.container(claim.label(Labels.OWNER)));
        if (owner.isEmpty() || !owner.get().equals(other.id())) {
            throw notPools(idOrName);
        }
        return Optional.of(other.withoutDetails());
    }

    /** The last output of a container that {@link #inspect} gave; empty if it is no replica's. */
    String tail(Container seen) throws ProviderException {
        return isPools(seen) ? engine.lastOutput(seen.id()) : "";
    }

    /** Creates a replica's container; one at a time, so that they are counted right. */
    synchronized String create(ReplicaSpec spec) throws ProviderException {
        if (engine.list().size() >= most) {
            throw new SecurityException("there are " + most + " containers already");
        }
        long now = nanos.getAsLong();
        tokens = Math.min(most, tokens + (now - filledAt) / NANOS * RATE);
        filledAt = now;
        if (tokens < 1) {
            throw new SecurityException("too many containers were created in a short time");
        }
        tokens--;
        return engine.create(spec);
    }

    boolean claim(String owner) throws ProviderException {
        return engine.claim(owner);
    }

    /** The full id of a replica's container that is there. */
    String replica(String id) throws ProviderException {
        Container found = engine.inspect(id).orElseThrow(() -> new ProviderException("there is no container " + id));
        if (!isPools(found)) {
            throw notPools(id);
        }
        return found.id();
    }

    /** Removes a replica's container or the owner's, if it is there. */
    void remove(String id) throws ProviderException {
        Optional<Container> found = engine.inspect(id);
        if (found.isPresent() && !isPools(found.get()) && !isClaim(found.get())) {
            throw notPools(id);
        }
        if (found.isPresent()) {
            engine.remove(found.get().id());
        }
    }

    /** Whether an event is about a replica's container. */
    boolean concerns(EngineEvent event) {
        if (event.attribute(Labels.POOL).equals(pool)) {
            return true;
        }
        try {
            // A network's events tell no labels.
            return event.action().startsWith("network ")
                    && engine.inspect(event.container()).filter(this::isPools).isPresent();
        } catch (ProviderException unknown) {
            return false;
        }
    }

    private boolean isPools(Container container) {
        return container.label(Labels.POOL).equals(pool)
                && !container.label(Labels.OPERATION).isEmpty();
    }

    private boolean isClaim(Container container) {
        return container.label(Labels.OWNED).equals(pool);
    }

    private static SecurityException notPools(String container) {
        return new SecurityException(container + " is no container of the pool");
    }
}
