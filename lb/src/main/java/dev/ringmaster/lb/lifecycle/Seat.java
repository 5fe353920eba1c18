package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.ReplicaHealth;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A slot as the control thread works on it. Control thread only. */
final class Seat {
    private final int index;
    private String name;
    private ReplicaId id;
    private ReplicaState state = ReplicaState.DEAD;
    private @Nullable Replica replica;
    private @Nullable Spawn spawn;
    private ReplicaHealth health = new ReplicaHealth();
    private long since;
    private long notBefore;
    private long occupiedSince;
    private int earlyDeaths;
    private boolean used;
    private boolean silenced;
    private String lastFailure = "";

    /** An empty seat that a replica of that name is to take. */
    Seat(ReplicaSpec first, long now) {
        this.index = first.slot();
        this.name = first.name();
        this.id = first.id();
        this.since = now;
        this.notBefore = now;
    }

    int index() {
        return index;
    }

    String name() {
        return name;
    }

    ReplicaState state() {
        return state;
    }

    @Nullable
    Replica replica() {
        return replica;
    }

    /** The replica that sits here. */
    Replica occupant() {
        return Objects.requireNonNull(replica, () -> "slot " + index + " is empty");
    }

    ReplicaHealth health() {
        return health;
    }

    String lastFailure() {
        return lastFailure;
    }

    /** Whether it was ejected for silence, which may be our own fault, and none has served here since. */
    boolean silenced() {
        return silenced;
    }

    /** Whether its replica was told to end, so that a good heartbeat means nothing yet. */
    boolean ending(long now) {
        return state == ReplicaState.DOWN && now - notBefore < 0;
    }

    /** Whether the replica of that identity sits here. */
    boolean holds(ReplicaId other) {
        return replica != null && replica.id().equals(other);
    }

    ReplicaSpec spec() {
        return new ReplicaSpec(id, name, index);
    }

    /** Names that nobody else may take: its own, and that of the replica which is being started for it. */
    Stream<String> names() {
        return spawn == null ? Stream.of(name) : Stream.of(name, spawn.spec().name());
    }

    Slot slot() {
        return new Slot(index, 1, name, state, replica);
    }

    Reconciler.Observed observed() {
        long counted = notBefore - since > 0 ? notBefore : since;
        return new Reconciler.Observed(index, state, counted, earlyDeaths);
    }

    /** Whether a replica was started for it before: the first one takes the name that the seat was opened with. */
    boolean used() {
        return used;
    }

    void starting(Spawn started, long now) {
        become(ReplicaState.STARTING, now);
        spawn = started;
        used = true;
    }

    void occupy(Replica occupant, long now) {
        if (state == ReplicaState.DEAD) {
            become(ReplicaState.STARTING, now);
        }
        become(ReplicaState.UP, now);
        spawn = null;
        used = true;
        replica = occupant;
        occupiedSince = now;
        name = occupant.name();
        id = occupant.id();
        silenced = false;
        health = new ReplicaHealth();
    }

    void spawnFailed(String reason, long now) {
        become(ReplicaState.DEAD, now);
        spawn = null;
        earlyDeaths++;
        lastFailure = reason;
    }

    /** Nothing can be started at the moment, which is not the seat's fault. */
    void postpone(Duration pause, long now) {
        if (state == ReplicaState.STARTING) {
            become(ReplicaState.DEAD, now);
            spawn = null;
        }
        notBefore = now + pause.toNanos();
    }

    void died(String reason, boolean killed, long now) {
        // A replica that stops listening before it ends is DOWN by then, so the state does not count here; and whoever
        // kills one says nothing of its soundness.
        boolean early = now - occupiedSince < SpawnBackoff.EARLY.toNanos();
        earlyDeaths = early ? earlyDeaths + (killed ? 0 : 1) : 0;
        become(ReplicaState.DEAD, now);
        replica = null;
        lastFailure = reason;
    }

    void eject(boolean forSilence, long now) {
        become(ReplicaState.DOWN, now);
        silenced = forSilence;
    }

    /** Takes no requests from now on, and no heartbeat brings it back before {@code pause} is over. */
    void leave(Duration pause, long now) {
        if (state == ReplicaState.UP) {
            become(ReplicaState.DOWN, now);
        }
        health.eject();
        notBefore = now + pause.toNanos();
    }

    void back(long now) {
        become(ReplicaState.UP, now);
        silenced = false;
    }

    void giveUp(long now) {
        become(ReplicaState.FAILED, now);
        silenced = false;
    }

    /** Nothing more is started for this seat. */
    void close() {
        if (spawn != null) {
            spawn.cancel(() -> {});
            spawn = null;
        }
    }

    private void become(ReplicaState next, long now) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("slot " + index + " cannot go from " + state + " to " + next);
        }
        state = next;
        since = now;
        notBefore = now;
    }
}
