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

    /** Whether replicas that run outlive the balancer, so that the next one finds them by {@link #list}. */
    boolean outlives();

    /**
     * Makes sure that replicas can be started and that nobody else owns the pool, which is this object's until it is
     * closed.
     *
     * @throws ProviderException with one clear line if they cannot
     */
    void check() throws ProviderException;

    /** Whether whatever runs the replicas answers, as far as is known at this moment; does not block. */
    boolean available();

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

    /** The replicas of this pool that run already; what is left of others that have ended is cleared away. */
    List<RunningReplica> list() throws ProviderException;

    /** Tells of all that happens to replicas without {@link #stop}; to be called before anything is started. */
    void watch(Events events);

    /**
     * Gives the pool up to another balancer while replicas go on serving this one's requests; {@link #check} takes it
     * back.
     *
     * @return what the other one's {@link #inherit} has to know, lines of text
     */
    List<String> release() throws ProviderException;

    /** Takes on, before {@link #check}, what a balancer that still lives has released. */
    void inherit(List<String> released) throws ProviderException;

    /** Lets go of what this object holds; stops no replica. */
    @Override
    void close();

    /** Hears what becomes of replicas through others than the balancer; on any thread. */
    interface Events {
        /** A replica is gone. */
        void exited(ReplicaId id, Exit exit);

        /** A replica was told to end and still answers: no more requests to it, and no heartbeat brings it back soon. */
        void ending(ReplicaId id, String reason);

        /** A replica cannot answer, being frozen or cut off: no more requests to it until a heartbeat succeeds. */
        void suspended(ReplicaId id, String reason);

        /** A replica may have failed: only a heartbeat can tell. */
        void doubted(ReplicaId id, String reason);
    }

    /**
     * How a replica ended.
     *
     * @param reason for people, on one line, such as its exit code and last output
     * @param killed whether a signal ended it, which comes from outside and says nothing of its own soundness
     */
    record Exit(String reason, boolean killed) {}
}
