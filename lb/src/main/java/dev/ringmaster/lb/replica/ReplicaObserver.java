package dev.ringmaster.lb.replica;

/** What requests in passing tell about a replica. Called on event loops: implementations hand over and return at once. */
public interface ReplicaObserver {
    /** A connection to the replica could not be opened. */
    void connectFailed(Replica replica, Throwable cause);

    /**
     * A request failed by the replica's fault.
     *
     * @param inARow how many have now failed one after another on that event loop
     */
    void requestFailed(Replica replica, int inARow);
}
