package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.HeartbeatProbe;
import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaObserver;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pool as it is meant to be: the one writer of the registry and of the routing tables.
 *
 * <pre>
 *   Takeover, once ┐
 *   ReplicaEvents ─┤                 ┌─> Respawner ──> Spawner ──> provider
 *   Heartbeats ────┼──> seats ───────┤       └─ what to do: Reconciler
 *   PoolChanges ───┘   (in Pool)     ├─> Drains ─────> Spawner ──> provider
 *                                    └─> journal, registry, routing table
 * </pre>
 *
 * All of it happens on the control thread; other threads only hand events over.
 */
public final class ReplicaSupervisor implements ReplicaObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaSupervisor.class);
    private static final Duration STOP_LOOK = Duration.ofMillis(10);
    /** Beyond draining and ending by force: a provider that hangs must not keep the balancer. */
    private static final Duration STOP_SLACK = Duration.ofSeconds(5);
    /** For replicas that are taken over to answer, before those that did not are left aside. */
    static final Duration PROBING = Duration.ofSeconds(10);

    private final ControlThread control;
    private final ReplicaProvider provider;
    private final ReplicaNames names;
    private final LifecycleStats stats = new LifecycleStats();
    private final Spawner spawner;
    private final Pool pool;
    private final Heartbeats heartbeats;
    private final Outliers outliers;
    private final Respawner respawner;
    private final Takeover takeover;
    private final Set<ReplicaId> suspected = ConcurrentHashMap.newKeySet();
    /** Of replicas that somebody else keeps and this balancer takes over: those that it has no answer of yet. */
    private final Set<Seat> unheard = new HashSet<>();

    private final CompletableFuture<Void> serving = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile LifecycleOptions options;
    private volatile HealthOptions health;
    private boolean open;
    private boolean stopping;
    /** Whether another balancer is taking the pool over, or this one is: replicas and journal stay as they are. */
    private boolean held;

    /**
     * What the supervisor works with.
     *
     * @param loops number of event loops, for which in-flight requests are counted
     * @param publisher publishes a routing table; its stage completes when every event loop has seen it
     */
    public record Parts(
            ControlThread control,
            ReplicaProvider provider,
            HeartbeatProbe probe,
            ReplicaRegistry registry,
            Journal journal,
            Function<ReplicaSet, CompletionStage<Void>> publisher,
            int loops,
            RandomGenerator random) {}

    public ReplicaSupervisor(Parts parts, LifecycleOptions options, HealthOptions health) {
        this.control = parts.control();
        this.provider = parts.provider();
        this.names = new ReplicaNames(parts.random());
        this.options = options;
        this.health = health;
        Availability availability =
                new Availability(control, provider, () -> failAddition("whatever runs the replicas does not answer"));
        this.spawner = new Spawner(control, provider, availability, parts.probe(), () -> this.health, stats);
        this.pool = new Pool(parts, spawner, new Drains(control, spawner, this::changed));
        this.heartbeats = new Heartbeats(control, parts.probe(), () -> this.health, this::heartbeat, parts.random());
        this.outliers = new Outliers(control, pool, () -> this.health.outliers(), stats);
        this.respawner = new Respawner(pool, spawner, heartbeats, names, this::options, this::changed);
        this.takeover = new Takeover(parts, pool, spawner, respawner, this::options);
        provider.watch(new ReplicaEvents(control, this, respawner));
    }

    // ---- life ---------------------------------------------------------------------------------------------------

    /** Brings the pool up; completes when the first replica serves, fails with one clear line if none ever will. */
    public CompletionStage<Void> start() {
        takeover.look(this::open, serving::completeExceptionally);
        return serving.minimalCompletionStage();
    }

    /** Replicas that somebody else keeps serve until a heartbeat fails; those of our own once they answer one. */
    private void open(List<RunningReplica> running, Optional<Journal.State> journaled) {
        if (stopping) {
            return;
        }
        try {
            if (provider.managed()) {
                takeover.open(running, journaled, held ? PROBING : Duration.ZERO);
                if (!held) {
                    takeover.endRest();
                }
                spawner.availability.watch();
            } else {
                running.forEach(this::seat);
                unheard.addAll(held ? pool.seats().all() : List.of());
                unheard.forEach(seat -> heartbeats.now(seat.occupant()));
            }
            open = true;
            if (held) {
                control.schedule(PROBING, this::tellSuccessor);
            }
            changed();
        } catch (IllegalArgumentException unfit) {
            // More replicas than the hash has room for, say.
            serving.completeExceptionally(unfit);
        }
    }

    /** Opens a seat for a replica that serves already. */
    void seat(RunningReplica running) {
        Seat seat = new Seat(running.spec(), control.nanos());
        pool.seats().open(seat);
        seat.occupy(pool.replica(running), control.nanos());
        heartbeats.watch(seat.occupant());
        LOG.info("replica={} slot={} state=UP reason=added", seat.name(), seat.index());
    }

    /**
     * Drains and stops every replica, those on their way, too; completes when none is left, or with an error in the log
     * when that takes too long. No seat is filled again, and no table published.
     */
    public CompletionStage<Void> stop() {
        control.execute(() -> {
            if (!stopping) {
                stopping = true;
                leave();
                Duration most = options.drainTimeout().plus(Drains.STOP_GRACE).plus(STOP_SLACK);
                awaitIdle(control.nanos() + most.toNanos());
            }
        });
        return stopped.minimalCompletionStage();
    }

    private void leave() {
        takeover.stop();
        respawner.stop();
        spawner.availability.stop();
        heartbeats.stop();
        outliers.stop();
        pool.close();
        failAddition("the balancer is stopping");
        for (Seat seat : pool.seats().everywhere()) {
            seat.close();
            Replica replica = seat.replica();
            if (replica != null && provider.managed()) {
                pool.drains().add(replica);
                pool.drains().begin(replica, CompletableFuture.completedStage(null), options.drainTimeout());
            }
        }
    }

    private void failAddition(String reason) {
        Addition addition = pool.addition();
        if (addition != null) {
            addition.fail(new Addition.Failure(Kind.UNAVAILABLE, "", reason));
        }
    }

    private void awaitIdle(long deadline) {
        if (pool.drains().replicas().isEmpty() && spawner.idle()) {
            stopped.complete(null);
        } else if (control.nanos() - deadline >= 0) {
            LOG.error("stopped=false: the provider has not ended all replicas in time");
            stopped.complete(null);
        } else {
            control.schedule(STOP_LOOK, () -> awaitIdle(deadline));
        }
    }

    /** Whether replicas and journal stay as they are, while heartbeats and what follows of them for requests go on. */
    void held(boolean now) {
        held = now;
        if (held) {
            respawner.stop();
        } else {
            takeover.endRest();
            changed();
        }
    }

    /** Whether nothing of the pool is being started or stopped. */
    boolean still() {
        return pool.addition() == null && pool.drains().replicas().isEmpty() && spawner.idle();
    }

    /** Follows other options from now on; any thread. */
    public void reconfigure(LifecycleOptions lifecycle, HealthOptions newHealth) {
        options = lifecycle;
        health = newHealth;
        control.execute(() -> {
            if (open()) {
                respawner.forgive();
                changed();
            }
        });
    }

    public LifecycleStats stats() {
        return stats;
    }

    // ---- events -------------------------------------------------------------------------------------------------

    /** Has a heartbeat sent at once: that one tells whether the fault is the replica's or our own. */
    @Override
    public void connectFailed(Replica replica, Throwable cause) {
        if (suspected.add(replica.id())) {
            control.execute(() -> {
                suspected.remove(replica.id());
                pool.seats().of(replica.id()).ifPresent(seat -> seat.health().doubt());
                heartbeats.now(replica);
            });
        }
    }

    @Override
    public void requestFailed(Replica replica, int inARow) {
        outliers.requestFailed(replica, inARow);
    }

    private void heartbeat(Replica replica, ProbeResult result) {
        pool.seats().of(replica.id()).ifPresent(seat -> heartbeat(seat, result));
    }

    private void heartbeat(Seat seat, ProbeResult result) {
        if (result != ProbeResult.ALIVE) {
            stats.probeFailed();
        } else if (unheard.remove(seat)) {
            changed();
        }
        switch (seat.health().count(result, health)) {
            case EJECT -> {
                boolean silence = result == ProbeResult.SILENT;
                if (silence && !pool.seats().maySilence(seat)) {
                    if (seat.health().pardon()) {
                        LOG.warn("replica={} slot={} silent=true ejected=false", seat.name(), seat.index());
                    }
                    return;
                }
                seat.eject(silence, control.nanos());
                stats.ejected(result.name().toLowerCase(Locale.ROOT));
                LOG.warn("replica={} slot={} state=DOWN reason={}", seat.name(), seat.index(), result);
                changed();
            }
            case RETURN -> {
                if (seat.ending(control.nanos())) {
                    seat.health().eject();
                    return;
                }
                seat.back(control.nanos());
                LOG.info("replica={} slot={} state=UP reason=heartbeat", seat.name(), seat.index());
                changed();
            }
            case CONFIRMED -> pool.publish(); // Whoever was refused and waits tries again.
            case UNCHANGED -> {}
        }
    }

    /** Something about the pool is different: does what that asks for, writes it down and tells everybody. */
    CompletionStage<Void> changed() {
        if (!open || stopping) {
            return CompletableFuture.completedStage(null);
        }
        if (held) {
            return changedWhileHeld();
        }
        if (provider.managed()) {
            respawner.act();
        }
        pool.save();
        respawner.launch();
        CompletionStage<Void> seen = pool.publish();
        if (!serving.isDone()) {
            tellStarter(seen);
        }
        return seen;
    }

    private CompletionStage<Void> changedWhileHeld() {
        CompletionStage<Void> seen = pool.publish();
        if (pool.seats().all().stream().noneMatch(this::isAwaited)) {
            seen.whenComplete((_, _) -> control.execute(this::tellSuccessor));
        }
        return seen;
    }

    /** Whether it serves, for all that is known, and has not answered this balancer yet. */
    private boolean isAwaited(Seat seat) {
        return seat.state() == ReplicaState.STARTING || (seat.state() == ReplicaState.UP && unheard.contains(seat));
    }

    /** Whoever takes a pool over waits for all of its replicas, so that no key leaves home, but not for ever. */
    private void tellSuccessor() {
        List<Seat> seats = pool.seats().all();
        if (seats.isEmpty() || seats.stream().anyMatch(seat -> seat.state() == ReplicaState.UP && !isAwaited(seat))) {
            serving.complete(null);
        } else {
            serving.completeExceptionally(new ProviderException("none of the pool's replicas answered this balancer"));
        }
    }

    private void tellStarter(CompletionStage<Void> seen) {
        List<Seat> seats = pool.seats().all();
        if (seats.isEmpty() || seats.stream().anyMatch(seat -> seat.state() == ReplicaState.UP)) {
            seen.whenComplete((_, _) -> serving.complete(null));
        } else if (seats.stream().allMatch(seat -> seat.state() == ReplicaState.FAILED)) {
            serving.completeExceptionally(new ProviderException(
                    "no replica became healthy: " + seats.getFirst().lastFailure()));
        }
    }

    // ---- what changes of the pool need --------------------------------------------------------------------------

    Takeover takeover() {
        return takeover;
    }

    Pool pool() {
        return pool;
    }

    Spawner spawner() {
        return spawner;
    }

    Heartbeats heartbeats() {
        return heartbeats;
    }

    ReplicaNames names() {
        return names;
    }

    LifecycleOptions options() {
        return options;
    }

    boolean managed() {
        return provider.managed();
    }

    /** Whether the pool can be changed: its seats are known, and it is neither taken down nor handed over. */
    boolean open() {
        return serves() && !held;
    }

    /** Whether its seats are known, and it is not being taken down. */
    boolean serves() {
        return open && !stopping;
    }
}
