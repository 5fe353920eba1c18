package dev.ringmaster.lb.replica;

import java.net.InetSocketAddress;

/**
 * What occupies a slot: one process or container with its address.
 *
 * @param id identity for all time
 * @param name host name as users see it; free again once the replica has left its slot
 * @param slot the seat that it occupies, which is what keys hash to; -1 while it waits for one
 * @param address where it listens, resolved
 * @param inFlight requests that it is serving
 * @param outcomes what came of its requests
 */
public record Replica(
        ReplicaId id, String name, int slot, InetSocketAddress address, InFlight inFlight, Outcomes outcomes) {
    public Replica {
        if (slot < -1) {
            throw new IllegalArgumentException("slot must be -1 or more: " + slot);
        }
    }

    /** A replica that has not had a request. */
    public Replica(ReplicaId id, String name, int slot, InetSocketAddress address, InFlight inFlight) {
        this(id, name, slot, address, inFlight, new Outcomes(inFlight.loops()));
    }

    /** The same replica under another name, as one gets that drains while its name is used again. */
    public Replica renamed(String newName) {
        return new Replica(id, newName, slot, address, inFlight, outcomes);
    }

    /** The same replica in a seat, as a spare gets one. */
    public Replica in(int newSlot) {
        return new Replica(id, name, newSlot, address, inFlight, outcomes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Replica replica && replica.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
