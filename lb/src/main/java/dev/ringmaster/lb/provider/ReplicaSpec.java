package dev.ringmaster.lb.provider;

import dev.ringmaster.lb.replica.ReplicaId;

/**
 * A replica to be started.
 *
 * @param id identity for all time, chosen before anything is created, so that a lost answer can be looked up by it
 * @param name host name
 * @param slot seat that it is meant for; -1 for a spare that takes whichever needs it
 */
public record ReplicaSpec(ReplicaId id, String name, int slot) {
    /** The slot of a replica that waits for one. */
    public static final int SPARE = -1;

    public ReplicaSpec {
        if (slot < SPARE) {
            throw new IllegalArgumentException("slot must be " + SPARE + " or more: " + slot);
        }
    }
}
