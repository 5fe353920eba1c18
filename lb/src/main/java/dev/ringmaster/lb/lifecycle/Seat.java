package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.ReplicaHealth;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A slot as the control thread works on it, or the place of a spare, which has no number. Control thread only. */
final class Seat {
    private final int index;
    private double weight = 1;
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
    private boolean toldToEnd;
    private @Nullable Ejection ejection;
    private String lastFailure = "";

    /** An empty seat that a replica of that name is to take. */
    Seat(ReplicaSpec first, long now) {
        this.index = first.slot();
        this.name = first.name();
        this.id = first.id();
        this.since = now;
        this.notBefore = now;
    }

    /** A place for a spare, empty. */
    static Seat spare(long now) {
        Seat seat = new Seat(new ReplicaSpec(ReplicaId.random(), "", ReplicaSpec.SPARE), now);
        seat.used = true;
        return seat;
    }

    int index() {
        return index;
    }

    double weight() {
        return weight;
    }

    /** Another share of the requests. */
    void weigh(double other) {
        weight = other;
    }

    /** Whether it is the place of a spare. */
    boolean isSpare() {
        return index == ReplicaSpec.SPARE;
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
        // The name of a spare that has got a seat belongs to that seat.
        Stream<String> own = isSpare() && replica == null ? Stream.empty() : Stream.of(name);
        return spawn == null ? own : Stream.concat(own, Stream.of(spawn.spec().name()));
    }

    Slot slot() {
        Slot slot = new Slot(index, weight, name, state, replica);
        return ejection == null ? slot : slot.ejected(ejection);
    }

    /**
     * Its replica sits out although it answers heartbeats; null: it does not any more. Nothing is started for its sake,
     * and it is over when the replica dies or heartbeats take it out.
     */
    void sitOut(@Nullable Ejection why) {
        ejection = why;
    }

    Reconciler.Observed observed(int place) {
        long counted = notBefore - since > 0 ? notBefore : since;
        return new Reconciler.Observed(place, state, counted, earlyDeaths);
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
        toldToEnd = false;
        health = new ReplicaHealth();
    }

    /** Gives its replica away. */
    Replica vacate(long now) {
        Replica leaving = occupant();
        become(ReplicaState.DEAD, now);
        replica = null;
        return leaving;
    }

    void spawnFailed(String reason, long now) {
        become(ReplicaState.DEAD, now);
        spawn = null;
        earlyDeaths++;
        lastFailure = reason;
    }

    /** Runs {@code undone} when nothing of the replica that is being started is left, unless the seat is closed first. */
    void whenUndone(Runnable undone) {
        if (spawn != null) {
            spawn.cancel(undone);
        }
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
        earlyDeaths = early ? earlyDeaths + (killed || toldToEnd ? 0 : 1) : 0;
        become(ReplicaState.DEAD, now);
        replica = null;
        lastFailure = reason;
    }

    void eject(boolean forSilence, long now) {
        become(ReplicaState.DOWN, now);
        silenced = forSilence;
    }

    /** Its replica cannot answer: it takes no requests until a heartbeat succeeds. Whether it took any before. */
    boolean suspend(long now) {
        boolean served = state == ReplicaState.UP;
        if (served) {
            become(ReplicaState.DOWN, now);
        }
        health.eject();
        return served;
    }

    /** Its replica was told to end: no heartbeat brings it back for as long as {@code hold}. Whether it served before. */
    boolean end(Duration hold, long now) {
        boolean served = suspend(now);
        toldToEnd = true;
        notBefore = now + hold.toNanos();
        return served;
    }

    void back(long now) {
        become(ReplicaState.UP, now);
        silenced = false;
        toldToEnd = false;
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
        ejection = null;
        since = now;
        notBefore = now;
    }
}
