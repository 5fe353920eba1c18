package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.HeartbeatProbe;
import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.health.ReplicaHealth.Verdict;
import dev.ringmaster.lb.lifecycle.Reconciler.Action;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaObserver;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
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
 *   exits ─────────┐                              ┌─> Spawner ──> provider
 *   heartbeats ────┤                              ├─> Drains ───> provider
 *   refusals ──────┼──> seats ──> Reconciler ─────┤
 *   /add, /rm ─────┘      │                       └─> give up
 *                         └──> journal, registry, routing table
 * </pre>
 *
 * All of it happens on the control thread; other threads only hand events over.
 */
public final class ReplicaSupervisor implements ReplicaObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaSupervisor.class);

    private final ControlThread control;
    private final ReplicaProvider provider;
    private final ReplicaRegistry registry;
    private final Function<ReplicaSet, CompletionStage<Void>> publisher;
    private final Journal journal;
    private final int loops;
    private final ReplicaNames names;
    private final LifecycleStats stats = new LifecycleStats();
    private final Seats seats = new Seats();
    private final Spawner spawner;
    private final Drains drains;
    private final Heartbeats heartbeats;
    private final Set<ReplicaId> suspected = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> serving = new CompletableFuture<>();
    private volatile LifecycleOptions options;
    private volatile HealthOptions health;
    private List<ReplicaSpec> intents = List.of();
    private Function<ReplicaExit, Boolean> additions = _ -> false;
    private Runnable nextLook = () -> {};
    private boolean stopping;

    /** A replica that ended, and why. */
    record ReplicaExit(ReplicaId id, String reason) {}

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
        this.registry = parts.registry();
        this.journal = parts.journal();
        this.publisher = parts.publisher();
        this.loops = parts.loops();
        this.names = new ReplicaNames(parts.random());
        this.options = options;
        this.health = health;
        this.spawner = new Spawner(control, provider, parts.probe(), () -> this.health);
        this.drains = new Drains(control, spawner, this::changed);
        this.heartbeats = new Heartbeats(control, parts.probe(), () -> this.health, this::heartbeat, parts.random());
        provider.watch((id, reason) -> control.execute(() -> exited(id, reason)));
    }

    // ---- life ---------------------------------------------------------------------------------------------------

    /** Brings the pool up; completes when the first replica serves, fails with one clear line if none ever will. */
    public CompletionStage<Void> start() {
        control.execute(() -> {
            try {
                openSeats();
            } catch (IOException | ProviderException failed) {
                serving.completeExceptionally(failed);
                return;
            }
            if (seats.size() == 0) {
                serving.complete(null);
            }
            changed();
        });
        return serving;
    }

    private void openSeats() throws IOException, ProviderException {
        long now = control.nanos();
        if (!provider.managed()) {
            for (RunningReplica replica : provider.list()) {
                Seat seat = new Seat(replica.spec(), now);
                seats.open(seat);
                seat.occupy(occupant(replica), now);
                heartbeats.watch(occupantOf(seat));
            }
            serving.complete(null);
            return;
        }
        Journal.State state = journal.read().orElseGet(this::fresh);
        for (ReplicaSpec spec : state.slots()) {
            seats.open(new Seat(new ReplicaSpec(ReplicaId.random(), spec.name(), spec.slot()), now));
        }
    }

    private Journal.State fresh() {
        List<ReplicaSpec> specs = seats.free(options.replicas()).stream()
                .map(slot -> new ReplicaSpec(ReplicaId.random(), ReplicaNames.first(slot), slot))
                .toList();
        return new Journal.State(specs, List.of(), List.of());
    }

    /** Drains and stops every replica; completes when none is left. No seat is filled again. */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        control.execute(() -> {
            stopping = true;
            nextLook.run();
            for (Seat seat : seats.all()) {
                Replica replica = seat.replica();
                seat.close();
                if (replica != null && provider.managed()) {
                    heartbeats.forget(replica);
                    drains.add(replica);
                    drains.begin(replica, CompletableFuture.completedStage(null), options.drainTimeout());
                }
            }
            awaitDrains(stopped);
        });
        return stopped;
    }

    private void awaitDrains(CompletableFuture<Void> stopped) {
        if (drains.replicas().isEmpty()) {
            stopped.complete(null);
        } else {
            control.schedule(Duration.ofMillis(10), () -> awaitDrains(stopped));
        }
    }

    /** Follows other options from now on; any thread. */
    public void reconfigure(LifecycleOptions lifecycle, HealthOptions newHealth) {
        options = lifecycle;
        health = newHealth;
        control.execute(this::reconcile);
    }

    public LifecycleStats stats() {
        return stats;
    }

    /** Why the seat of that number has no replica; empty if nothing is known. Control thread only. */
    String lastFailure(int slot) {
        return seats.at(slot).map(Seat::lastFailure).orElse("");
    }

    // ---- events -------------------------------------------------------------------------------------------------

    @Override
    public void connectFailed(Replica replica, Throwable cause) {
        if (suspected.add(replica.id())) {
            control.execute(() -> {
                suspected.remove(replica.id());
                if (cause instanceof ConnectException) {
                    heartbeat(replica, ProbeResult.REFUSED);
                }
                heartbeats.now(replica);
            });
        }
    }

    private void heartbeat(Replica replica, ProbeResult result) {
        Seat seat = seats.of(replica.id()).orElse(null);
        if (seat == null || stopping) {
            return;
        }
        if (result != ProbeResult.ALIVE) {
            stats.probeFailed();
        }
        Verdict verdict = seat.health().count(result, health);
        boolean silence = result == ProbeResult.SILENT;
        if (verdict == Verdict.EJECT && silence && !seats.maySilence()) {
            seat.health().pardon();
            LOG.warn("replica={} slot={} silent=true ejected=false reason=half-are-silent", seat.name(), seat.index());
        } else if (verdict == Verdict.EJECT) {
            seat.eject(silence, control.nanos());
            stats.ejected();
            LOG.warn("replica={} slot={} state=DOWN reason={}", seat.name(), seat.index(), result);
            changed();
        } else if (verdict == Verdict.RETURN) {
            seat.back(control.nanos());
            LOG.info("replica={} slot={} state=UP reason=heartbeat", seat.name(), seat.index());
            changed();
        }
    }

    private void exited(ReplicaId id, String reason) {
        if (drains.contains(id)) {
            drains.ended(id);
        } else if (!spawner.exited(id, reason) && !additions.apply(new ReplicaExit(id, reason))) {
            seats.of(id).ifPresent(seat -> {
                LOG.warn("replica={} slot={} state=DEAD reason=\"{}\"", seat.name(), seat.index(), reason);
                bury(seat, reason);
                changed();
            });
        }
    }

    private void bury(Seat seat, String reason) {
        heartbeats.forget(occupantOf(seat));
        seat.died(reason, control.nanos());
    }

    private static Replica occupantOf(Seat seat) {
        Replica replica = seat.replica();
        if (replica == null) {
            throw new IllegalStateException("slot " + seat.index() + " is empty");
        }
        return replica;
    }

    // ---- action -------------------------------------------------------------------------------------------------

    /** Something about the seats is different: writes it down, publishes it, and does what it asks for. */
    CompletionStage<Void> changed() {
        if (stopping) {
            return CompletableFuture.completedStage(null);
        }
        writeJournal();
        CompletionStage<Void> seen = publish();
        reconcile();
        return seen;
    }

    private CompletionStage<Void> publish() {
        ReplicaSet set = seats.set(drains.replicas());
        registry.publish(set);
        return publisher.apply(set);
    }

    private void writeJournal() {
        if (!provider.managed()) {
            return;
        }
        List<ReplicaSpec> leaving = drains.replicas().stream()
                .map(replica -> new ReplicaSpec(replica.id(), replica.name(), replica.slot()))
                .toList();
        try {
            journal.write(new Journal.State(seats.specs(), intents, leaving));
        } catch (IOException failed) {
            LOG.error("journal could not be written, a restart may not find the pool as it is: {}", failed.toString());
        }
    }

    private void reconcile() {
        if (stopping || !provider.managed()) {
            return;
        }
        nextLook.run();
        List<Reconciler.Observed> observed =
                seats.all().stream().map(Seat::observed).toList();
        Reconciler.Plan plan = Reconciler.plan(
                observed, control.nanos(), options.replaceAfter().toNanos());
        for (Action action : plan.actions()) {
            switch (action) {
                case Action.Spawn(int slot) -> seats.at(slot).ifPresent(this::spawn);
                case Action.Replace(int slot) -> seats.at(slot).ifPresent(this::replace);
                case Action.GiveUp(int slot) -> seats.at(slot).ifPresent(this::giveUp);
            }
        }
        if (plan.nextLook() != Reconciler.NEVER) {
            nextLook = control.schedule(Duration.ofNanos(plan.nextLook()), this::reconcile);
        }
    }

    private void spawn(Seat seat) {
        // The first replica of a seat takes the name that the seat was opened with.
        boolean first = seat.lastFailure().isEmpty();
        String name = first ? seat.name() : names.unused(namesInUse());
        ReplicaSpec spec = new ReplicaSpec(ReplicaId.random(), name, seat.index());
        seat.starting(spawner.start(spec, outcome -> spawned(spec, outcome)), control.nanos());
        LOG.info("replica={} slot={} state=STARTING", name, seat.index());
    }

    private void spawned(ReplicaSpec spec, Spawner.Outcome outcome) {
        Seat seat = seats.at(spec.slot()).filter(s -> s.awaits(spec)).orElse(null);
        if (seat == null || stopping) {
            spawner.kill(spec.id(), () -> {});
            return;
        }
        switch (outcome) {
            case Spawner.Outcome.Ready(RunningReplica running, Duration took) -> {
                if (!seat.lastFailure().isEmpty()) {
                    stats.respawned();
                }
                stats.spawned(took);
                seat.occupy(occupant(running), control.nanos());
                heartbeats.watch(occupantOf(seat));
                LOG.info("replica={} slot={} state=UP took={}ms", spec.name(), spec.slot(), took.toMillis());
                changed().whenComplete((_, _) -> serving.complete(null));
            }
            case Spawner.Outcome.Failed(String reason) -> {
                stats.spawnFailed();
                seat.spawnFailed(reason, control.nanos());
                LOG.warn("replica={} slot={} state=DEAD reason=\"{}\"", spec.name(), spec.slot(), reason);
                changed();
            }
        }
    }

    private void replace(Seat seat) {
        Replica silent = occupantOf(seat);
        LOG.warn(
                "replica={} slot={} state=DEAD reason=silent-for-{}",
                seat.name(),
                seat.index(),
                options.replaceAfter());
        bury(seat, "was silent for " + options.replaceAfter());
        spawner.kill(silent.id(), () -> {});
        changed();
    }

    private void giveUp(Seat seat) {
        seat.giveUp(control.nanos());
        LOG.error(
                "replica={} slot={} state=FAILED reason=\"{} early deaths in a row, the last: {}\"",
                seat.name(),
                seat.index(),
                SpawnBackoff.LIMIT,
                seat.lastFailure());
        publish();
        if (seats.all().stream().allMatch(other -> other.state() == ReplicaState.FAILED)) {
            serving.completeExceptionally(new ProviderException("no replica became healthy: " + seat.lastFailure()));
        }
    }

    // ---- what changes of the pool need --------------------------------------------------------------------------

    Seats seats() {
        return seats;
    }

    Spawner spawner() {
        return spawner;
    }

    LifecycleOptions options() {
        return options;
    }

    boolean managed() {
        return provider.managed();
    }

    Set<String> namesInUse() {
        Set<String> inUse = seats.names();
        intents.forEach(spec -> inUse.add(spec.name()));
        return inUse;
    }

    String unusedName(Set<String> inUse) {
        return names.unused(inUse);
    }

    /** Replicas are about to be added: writes the intent down and passes their exits to {@code exits}. */
    void intend(List<ReplicaSpec> specs, Function<ReplicaExit, Boolean> exits) {
        intents = specs;
        additions = exits;
        writeJournal();
    }

    /** The addition failed or was carried out. */
    void forgetIntent() {
        intents = List.of();
        additions = _ -> false;
    }

    void seat(RunningReplica replica) {
        Seat seat = new Seat(replica.spec(), control.nanos());
        seats.open(seat);
        seat.occupy(occupant(replica), control.nanos());
        heartbeats.watch(occupantOf(seat));
        LOG.info("replica={} slot={} state=UP reason=added", seat.name(), seat.index());
    }

    /** Closes seats and lets their replicas drain behind it; completes when no event loop routes to them. */
    CompletionStage<Void> unseat(List<Seat> leaving) {
        List<Replica> draining = leaving.stream()
                .filter(seat -> seat.replica() != null)
                .map(seat -> occupantOf(seat)
                        .renamed(seat.name() + "-leaving-" + occupantOf(seat).id()))
                .toList();
        for (Seat seat : leaving) {
            LOG.info("replica={} slot={} state=DRAINING reason=removed", seat.name(), seat.index());
            seats.close(seat);
        }
        draining.forEach(heartbeats::forget);
        draining.forEach(drains::add);
        CompletionStage<Void> unrouted = changed();
        draining.forEach(replica -> drains.begin(replica, unrouted, options.drainTimeout()));
        return unrouted;
    }

    private Replica occupant(RunningReplica running) {
        ReplicaSpec spec = running.spec();
        return new Replica(spec.id(), spec.name(), spec.slot(), running.address(), new InFlight(loops));
    }
}
