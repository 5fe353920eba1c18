package dev.ringmaster.lb.provider;

import dev.ringmaster.lb.replica.ReplicaId;

/**
 * A replica to be started.
 *
 * @param id identity for all time, chosen before anything is created, so that a lost answer can be looked up by it
 * @param name host name
 * @param slot seat that it is meant for
 */
public record ReplicaSpec(ReplicaId id, String name, int slot) {
    public ReplicaSpec {
        if (slot < 0) {
            throw new IllegalArgumentException("slot must not be negative: " + slot);
        }
    }
}
