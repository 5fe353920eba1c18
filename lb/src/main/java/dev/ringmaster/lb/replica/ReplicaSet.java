package dev.ringmaster.lb.replica;

import java.util.List;

/**
 * The pool at one moment.
 *
 * @param slots seats in the order in which they were opened; its length is the target N
 * @param draining replicas that have left their seats and finish what they have, newest last
 * @param spares replicas that wait to take a dead one's seat; no requests go to them
 */
public record ReplicaSet(List<Slot> slots, List<Replica> draining, List<Replica> spares) {
    public static final ReplicaSet EMPTY = new ReplicaSet(List.of(), List.of());

    public ReplicaSet {
        slots = List.copyOf(slots);
        draining = List.copyOf(draining);
        spares = List.copyOf(spares);
        if (slots.stream().map(Slot::index).distinct().count() != slots.size()) {
            throw new IllegalArgumentException("a slot stands twice in " + slots);
        }
    }

    /** A pool without spares. */
    public ReplicaSet(List<Slot> slots, List<Replica> draining) {
        this(slots, draining, List.of());
    }

    /** Target number of replicas: a failure never changes it. */
    public int target() {
        return slots.size();
    }

    /** Host names in the order in which the slots were opened. */
    public List<String> names() {
        return slots.stream().map(Slot::name).toList();
    }

    /** Replicas that requests may go to. */
    public List<Replica> serving() {
        return in(ReplicaState.UP);
    }

    /** Replicas that are ejected. */
    public List<Replica> ejected() {
        return in(ReplicaState.EJECTED);
    }

    private List<Replica> in(ReplicaState state) {
        return slots.stream()
                .filter(slot -> slot.state() == state)
                .map(Slot::replica)
                .filter(replica -> replica != null)
                .toList();
    }
}
