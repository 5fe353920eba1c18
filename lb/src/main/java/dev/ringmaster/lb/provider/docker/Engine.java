package dev.ringmaster.lb.provider.docker;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is asked of the Docker engine, and nothing else. Containers are told by their full id. Every method blocks, within
 * a deadline; a {@link ProviderException} of kind {@code UNAVAILABLE} says that the outcome is unknown.
 */
interface Engine extends AutoCloseable {
    /** Makes sure that image and network exist. */
    void check() throws ProviderException;

    /** Returns if the engine works. */
    void ping() throws ProviderException;

    /** All containers of the pool, running or not; without exit codes. */
    List<Container> list() throws ProviderException;

    /** A container by its id or name. */
    Optional<Container> inspect(String idOrName) throws ProviderException;

    /** The last lines that it printed, joined by " | ". */
    String lastOutput(String id) throws ProviderException;

    /** Creates a replica's container from the template and returns its id. */
    String create(ReplicaSpec spec) throws ProviderException;

    /** Creates, and never starts, the container that stands for the pool's owner; false if there is one. */
    boolean claim(String owner) throws ProviderException;

    void start(String id) throws ProviderException;

    /** Has the process end, by force after {@code grace}; returns once it has. */
    void stop(String id, Duration grace) throws ProviderException;

    /** Removes it, running or not. */
    void remove(String id) throws ProviderException;

    /**
     * Tells what happens to containers, until it cannot or is closed.
     *
     * @param opened called once the stream stands
     */
    void events(Runnable opened, Consumer<EngineEvent> listener) throws ProviderException;

    /** Name of the container that stands for the pool's owner. */
    String ownerName();

    /** Breaks the stream of events off, if there is one: it is to be opened anew. */
    void breakEvents();

    @Override
    void close();
}
