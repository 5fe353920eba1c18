package dev.ringmaster.lb.replica;

import java.util.EnumSet;
import java.util.Set;

/** Where a slot's replica stands. Only {@link #UP} receives requests, {@link #EJECTED} where nobody else is left. */
public enum ReplicaState {
    /** Being created, or started and not yet answering heartbeats. */
    STARTING,
    /** Answers heartbeats and serves. */
    UP,
    /** Answers heartbeats, but serves worse than the others: sits out for a while. */
    EJECTED,
    /** Taken out: alive as far as known, but not answering; it may come back or be replaced. */
    DOWN,
    /** Dead, its successor not yet started. */
    DEAD,
    /** Its successors died again and again: nothing more is started until an operator acts. */
    FAILED;

    private Set<ReplicaState> next() {
        return switch (this) {
            case STARTING -> EnumSet.of(UP, DEAD, FAILED);
            case UP -> EnumSet.of(EJECTED, DOWN, DEAD);
            case EJECTED -> EnumSet.of(UP, DOWN, DEAD);
            case DOWN -> EnumSet.of(UP, EJECTED, DEAD);
            case DEAD -> EnumSet.of(STARTING, FAILED);
            case FAILED -> EnumSet.of(STARTING);
        };
    }

    /** Whether a slot may go from this state to {@code other}. */
    public boolean canBecome(ReplicaState other) {
        return next().contains(other);
    }

    /** Whether the slot can serve again without an operator. */
    public boolean recovering() {
        return this == STARTING || this == EJECTED || this == DOWN || this == DEAD;
    }
}
