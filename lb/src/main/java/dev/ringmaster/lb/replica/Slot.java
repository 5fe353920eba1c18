package dev.ringmaster.lb.replica;

import org.jspecify.annotations.Nullable;

/**
 * A stable seat in the pool. Keys hash to seats, so a respawned replica that takes the seat of a dead one moves none.
 *
 * @param index number of the seat; a new seat takes the lowest free one
 * @param weight share relative to other seats, positive
 * @param name host name of the occupant, or of the dead one until its replacement takes over
 * @param state where the occupant stands
 * @param replica the occupant; null while none has an address
 * @param ejection why the occupant gets no requests; null unless it is ejected
 */
public record Slot(
        int index,
        double weight,
        String name,
        ReplicaState state,
        @Nullable Replica replica,
        @Nullable Ejection ejection) {
    public Slot {
        if (!(weight > 0)) {
            throw new IllegalArgumentException("weight must be positive: " + weight);
        }
        if (state == ReplicaState.UP && replica == null) {
            throw new IllegalArgumentException("slot " + index + " cannot be up without a replica");
        }
        if ((state == ReplicaState.EJECTED) != (ejection != null && replica != null)) {
            throw new IllegalArgumentException("slot " + index + " cannot be " + state + " with " + ejection);
        }
    }

    /** A seat whose occupant is not ejected. */
    public Slot(int index, double weight, String name, ReplicaState state, @Nullable Replica replica) {
        this(index, weight, name, state, replica, null);
    }

    /** This seat in another state. */
    public Slot in(ReplicaState newState) {
        return new Slot(index, weight, name, newState, replica);
    }

    /** This seat with another occupant. */
    public Slot occupiedBy(Replica occupant, ReplicaState newState) {
        return new Slot(index, weight, occupant.name(), newState, occupant);
    }

    /** This seat with another weight. */
    public Slot weighing(double other) {
        return new Slot(index, other, name, state, replica, ejection);
    }

    /** This seat with its occupant ejected. */
    public Slot ejected(Ejection why) {
        return new Slot(index, weight, name, ReplicaState.EJECTED, replica, why);
    }

    /** The occupant if requests may go to it now. */
    public @Nullable Replica serving() {
        return state == ReplicaState.UP ? replica : null;
    }
}
