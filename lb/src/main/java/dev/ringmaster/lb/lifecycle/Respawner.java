package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.lifecycle.Reconciler.Action;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider.Exit;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the {@link Reconciler} says: fills empty seats, replaces the silent, gives crash loops up. Control thread only. */
final class Respawner {
    private static final Logger LOG = LoggerFactory.getLogger(Respawner.class);

    /** From one try to the next while whatever runs the replicas does not answer. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Pool pool;
    private final Spawner spawner;
    private final Heartbeats heartbeats;
    private final ReplicaNames names;
    private final Supplier<LifecycleOptions> options;
    private final Runnable changed;
    private Runnable nextLook = () -> {};

    /** Calls {@code changed} when time or a spawn's outcome has brought something to do. */
    Respawner(
            Pool pool,
            Spawner spawner,
            Heartbeats heartbeats,
            ReplicaNames names,
            Supplier<LifecycleOptions> options,
            Runnable changed) {
        this.pool = pool;
        this.spawner = spawner;
        this.heartbeats = heartbeats;
        this.names = names;
        this.options = options;
        this.changed = changed;
    }

    /** Does all that is due, and looks again when something will be. */
    void act() {
        nextLook.run();
        Reconciler.Plan plan = plan();
        // Ends, for every action moves its seat on: from DOWN to DEAD, from DEAD to STARTING or FAILED.
        while (!plan.actions().isEmpty()) {
            plan.actions().forEach(this::carryOut);
            plan = plan();
        }
        if (plan.nextLook() != Reconciler.NEVER) {
            nextLook = spawner.control.schedule(Duration.ofNanos(plan.nextLook()), changed);
        }
    }

    /** Nothing more is started. */
    void stop() {
        nextLook.run();
    }

    private Reconciler.Plan plan() {
        return Reconciler.plan(
                pool.seats().all().stream().map(Seat::observed).toList(),
                spawner.control.nanos(),
                options.get().replaceAfter().toNanos());
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.Spawn(int slot) -> pool.seats().at(slot).ifPresent(this::spawn);
            case Action.Replace(int slot) -> pool.seats().at(slot).ifPresent(this::replace);
            case Action.GiveUp(int slot) -> pool.seats().at(slot).ifPresent(this::giveUp);
        }
    }

    private void spawn(Seat seat) {
        if (!spawner.available()) {
            seat.postpone(AGAIN, spawner.control.nanos());
            return;
        }
        String name = seat.used() ? names.unused(pool.namesInUse()) : seat.name();
        ReplicaSpec spec = new ReplicaSpec(ReplicaId.random(), name, seat.index());
        boolean replaces = seat.used();
        seat.starting(spawner.start(spec, outcome -> spawned(seat, spec, outcome, replaces)), spawner.control.nanos());
        LOG.info("replica={} slot={} state=STARTING", name, seat.index());
    }

    /** Has a replica that runs already take its seat, once it answers. */
    void adopt(Seat seat, RunningReplica running) {
        ReplicaSpec spec = running.spec();
        Duration limit = options.get().replaceAfter().plus(SpawnBackoff.EARLY);
        Spawn spawn = spawner.adopt(running, limit, outcome -> spawned(seat, spec, outcome, false));
        seat.starting(spawn, spawner.control.nanos());
        LOG.info("replica={} slot={} state=STARTING reason=adopted", spec.name(), spec.slot());
    }

    private void spawned(Seat seat, ReplicaSpec spec, Spawn.Outcome outcome, boolean replaces) {
        long now = spawner.control.nanos();
        switch (outcome) {
            case Spawn.Outcome.Ready(var running, Duration took) -> {
                Replica replica = pool.replica(running);
                seat.occupy(replica, now);
                heartbeats.watch(replica);
                if (replaces) {
                    spawner.stats.respawned();
                }
                LOG.info("replica={} slot={} state=UP took={}ms", spec.name(), spec.slot(), took.toMillis());
            }
            case Spawn.Outcome.Failed(Kind kind, String reason) -> {
                if (kind == Kind.UNAVAILABLE) {
                    seat.postpone(AGAIN, now);
                } else {
                    seat.spawnFailed(reason, now);
                }
                LOG.warn("replica={} slot={} state=DEAD reason=\"{}\"", spec.name(), spec.slot(), reason);
            }
        }
        changed.run();
    }

    private void replace(Seat seat) {
        ReplicaId silent = seat.occupant().id();
        bury(seat, new Exit("served no heartbeat for " + options.get().replaceAfter(), false));
        spawner.kill(silent, () -> {});
    }

    /** The replica of this seat is no more. */
    void bury(Seat seat, Exit exit) {
        LOG.warn("replica={} slot={} state=DEAD reason=\"{}\"", seat.name(), seat.index(), exit.reason());
        heartbeats.forget(seat.occupant());
        seat.died(exit.reason(), exit.killed(), spawner.control.nanos());
    }

    private void giveUp(Seat seat) {
        seat.giveUp(spawner.control.nanos());
        LOG.error(
                "replica={} slot={} state=FAILED reason=\"{} early deaths in a row, the last: {}\"",
                seat.name(),
                seat.index(),
                SpawnBackoff.LIMIT,
                seat.lastFailure());
    }
}
