package dev.ringmaster.lb.replica;

/** The pool as it is now: one writer, the control thread; readers anywhere see one immutable {@link ReplicaSet}. */
public final class ReplicaRegistry {
    private volatile ReplicaSet current = ReplicaSet.EMPTY;

    /** The pool at this moment; any thread. */
    public ReplicaSet current() {
        return current;
    }

    /** Replaces the pool; only on the control thread. */
    public void publish(ReplicaSet next) {
        current = next;
    }
}
