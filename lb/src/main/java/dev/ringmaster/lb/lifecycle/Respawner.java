package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.lifecycle.Reconciler.Action;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider.Exit;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the {@link Reconciler} says: fills empty seats, by a spare if one is ready, replaces the silent, gives crash
 * loops up. Control thread only.
 */
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
    private final List<Spawn> prepared = new ArrayList<>();
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

    /** Decides all that is due, and looks again when something will be; what is to be started is by {@link #launch}. */
    void act() {
        nextLook.run();
        keepSpares();
        List<Seat> seats = pool.seats().everywhere();
        Reconciler.Plan plan = plan(seats);
        // Ends, for every action moves its seat on: from DOWN to DEAD, and from there to STARTING, FAILED, a later time
        // or a spare.
        while (!plan.actions().isEmpty()) {
            plan.actions().forEach(action -> carryOut(action, seats));
            plan = plan(seats);
        }
        if (plan.nextLook() != Reconciler.NEVER) {
            nextLook = spawner.control.schedule(Duration.ofNanos(plan.nextLook()), changed);
        }
    }

    /** Starts what is to be started, now that it is written down. */
    void launch() {
        prepared.forEach(spawner::launch);
        prepared.clear();
    }

    /** Nothing more is started. */
    void stop() {
        nextLook.run();
    }

    private void keepSpares() {
        int wanted = options.get().spares();
        for (int i = pool.seats().spares().size(); i < wanted; i++) {
            pool.seats().open(Seat.spare(spawner.control.nanos()));
        }
        pool.seats().spares().stream().skip(wanted).forEach(this::dismiss);
    }

    private void dismiss(Seat spare) {
        pool.seats().close(spare);
        Replica replica = spare.replica();
        if (replica != null) {
            heartbeats.forget(replica);
            pool.drains().add(replica);
            pool.drains().begin(replica, CompletableFuture.completedStage(null), Duration.ZERO);
        }
    }

    /** Spares that were given up are tried again. */
    void forgive() {
        pool.seats().spares().stream()
                .filter(seat -> seat.state() == ReplicaState.FAILED)
                .forEach(this::dismiss);
    }

    private Reconciler.Plan plan(List<Seat> seats) {
        return Reconciler.plan(
                IntStream.range(0, seats.size())
                        .mapToObj(place -> seats.get(place).observed(place))
                        .toList(),
                spawner.control.nanos(),
                options.get().replaceAfter().toNanos());
    }

    private void carryOut(Action action, List<Seat> seats) {
        switch (action) {
            case Action.Fill(int place) -> fill(seats.get(place));
            case Action.Replace(int place) -> replace(seats.get(place));
            case Action.GiveUp(int place) -> giveUp(seats.get(place));
        }
    }

    private void fill(Seat seat) {
        Optional<Seat> spare = seat.isSpare() ? Optional.empty() : pool.seats().readySpare();
        if (spare.isPresent()) {
            take(seat, spare.get());
        } else if (spawner.availability.now()) {
            spawn(seat);
        } else {
            seat.postpone(AGAIN, spawner.control.nanos());
        }
    }

    private void take(Seat seat, Seat spare) {
        long now = spawner.control.nanos();
        seat.occupy(spare.vacate(now).in(seat.index()), now);
        spawner.stats.respawned();
        LOG.info("replica={} slot={} state=UP reason=spare", seat.name(), seat.index());
    }

    private void spawn(Seat seat) {
        String name = seat.used() ? names.unused(pool.namesInUse()) : seat.name();
        ReplicaSpec spec = new ReplicaSpec(ReplicaId.random(), name, seat.index());
        boolean replaces = seat.used() && !seat.isSpare();
        Spawn spawn = spawner.prepare(spec, outcome -> spawned(seat, spec, outcome, replaces));
        seat.starting(spawn, spawner.control.nanos());
        prepared.add(spawn);
        LOG.info("replica={} slot={} state=STARTING", name, seat.index());
    }

    /** Has a replica that runs already take its seat, once it answers. */
    void adopt(Seat seat, RunningReplica running, Duration longer) {
        ReplicaSpec spec = running.spec();
        Duration limit = options.get().replaceAfter().plus(SpawnBackoff.EARLY).plus(longer);
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
                    // Nothing is known of it, and to start another one would only add to that.
                    seat.whenUndone(() -> {
                        seat.postpone(AGAIN, spawner.control.nanos());
                        changed.run();
                    });
                } else {
                    seat.spawnFailed(reason, now);
                    LOG.warn("replica={} slot={} state=DEAD reason=\"{}\"", spec.name(), spec.slot(), reason);
                }
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
