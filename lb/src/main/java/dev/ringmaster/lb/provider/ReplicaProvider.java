package dev.ringmaster.lb.provider;

import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.List;

/**
 * Whatever runs replicas. All methods may block, so they are called on threads of their own and never on the control
 * thread or an event loop; all may be called at the same time.
 */
public interface ReplicaProvider extends AutoCloseable {
    /** Whether replicas are started, replaced and stopped here; false where somebody else does that. */
    boolean managed();

    /**
     * Makes sure that replicas can be started.
     *
     * @throws ProviderException with one clear line if they cannot
     */
    void check() throws ProviderException;

    /**
     * Starts a replica and returns once its address is known. On failure nothing of it is left running.
     *
     * @param deadline how long that may take
     */
    RunningReplica start(ReplicaSpec spec, Duration deadline) throws ProviderException, InterruptedException;

    /**
     * Asks a replica to end, ends it by force after {@code grace}, and returns once it is gone; does nothing if there is
     * no such replica.
     */
    void stop(ReplicaId id, Duration grace) throws ProviderException, InterruptedException;

    /** The replicas of this pool that run already. */
    List<RunningReplica> list() throws ProviderException;

    /** Tells of every replica that ends without {@link #stop}; to be called before the first start. */
    void watch(ExitListener listener);

    /** Lets go of what this object holds; stops no replica. */
    @Override
    void close();

    /** Hears of replicas that ended by themselves; on any thread. */
    @FunctionalInterface
    interface ExitListener {
        /**
         * A replica is gone.
         *
         * @param reason one line for people, such as its exit code and last output
         */
        void exited(ReplicaId id, String reason);
    }
}
