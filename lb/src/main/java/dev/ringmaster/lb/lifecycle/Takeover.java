package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the seats of a managed pool where its last balancer left off: looks at what runs and what is journaled, does what
 * {@link Adoption} says, and ends what that balancer had asked for last and comes into being later.
 */
final class Takeover {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    /** From one look to the next while nothing answers. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ControlThread control;
    private final ReplicaProvider provider;
    private final Journal journal;
    private final Pool pool;
    private final Spawner spawner;
    private final Respawner respawner;
    private final Supplier<LifecycleOptions> options;
    private final Set<ReplicaId> gone = new HashSet<>();
    private Runnable timer = () -> {};
    private Runnable rest = () -> {};

    Takeover(
            ReplicaSupervisor.Parts parts,
            Pool pool,
            Spawner spawner,
            Respawner respawner,
            Supplier<LifecycleOptions> options) {
        this.control = parts.control();
        this.provider = parts.provider();
        this.journal = parts.journal();
        this.pool = pool;
        this.spawner = spawner;
        this.respawner = respawner;
        this.options = options;
    }

    /**
     * Looks, elsewhere, and again while nothing answers; {@code seen} hears on the control thread what runs and what is
     * journaled.
     */
    void look(BiConsumer<List<RunningReplica>, Optional<Journal.State>> seen, Consumer<Exception> failed) {
        control.offload(() -> {
            try {
                List<RunningReplica> running = provider.list();
                Optional<Journal.State> journaled = provider.managed() ? journal.read() : Optional.empty();
                control.execute(() -> {
                    spawner.availability.answered();
                    seen.accept(running, journaled);
                });
            } catch (IOException unreadable) {
                failed.accept(unreadable);
            } catch (ProviderException unknown) {
                if (unknown.kind() == Kind.UNAVAILABLE) {
                    control.execute(() -> {
                        spawner.availability.unanswered(String.valueOf(unknown.getMessage()));
                        timer = control.schedule(AGAIN, () -> look(seen, failed));
                    });
                } else {
                    failed.accept(unknown);
                }
            }
        });
    }

    /**
     * Opens the seats, each with the replica that runs for it already, if there is one; what belongs to none runs on until
     * {@link #endRest}.
     *
     * @param longer for replicas to answer, beside the time that they may be silent for
     * @throws IllegalArgumentException if there are more than can be published; nothing has been done then
     */
    void open(List<RunningReplica> seen, Optional<Journal.State> journaled, Duration longer) {
        List<RunningReplica> running = seen.stream()
                .filter(replica -> !gone.contains(replica.spec().id()))
                .toList();
        Adoption adoption = adoption(running, journaled);
        Map<Seat, RunningReplica> occupants = new LinkedHashMap<>();
        for (ReplicaSpec spec : adoption.seats()) {
            Optional<RunningReplica> occupant = adoption.occupant(spec);
            ReplicaId id = occupant.isPresent() ? spec.id() : ReplicaId.random();
            Seat seat = new Seat(new ReplicaSpec(id, spec.name(), spec.slot()), control.nanos());
            journaled.ifPresent(state -> seat.weigh(state.weights().getOrDefault(seat.index(), 1.0)));
            pool.seats().open(seat);
            occupant.ifPresent(replica -> occupants.put(seat, replica));
        }
        for (RunningReplica spare : adoption.spares()) {
            Seat seat = Seat.spare(control.nanos());
            pool.seats().open(seat);
            occupants.put(seat, spare);
        }
        pool.publish();
        occupants.forEach((seat, occupant) -> respawner.adopt(seat, occupant, longer));
        rest = () -> {
            adoption.rest().forEach(replica -> end(replica, journaled));
            if (provider.outlives()) {
                missing(running, journaled).forEach(spawner::undoLater);
            }
        };
    }

    /** Ends what was found and belongs to no seat, and what comes into being later. */
    void endRest() {
        Runnable once = rest;
        rest = () -> {};
        once.run();
    }

    /** What the last balancer may have asked for last, which may come into being still. */
    private static Stream<ReplicaSpec> missing(List<RunningReplica> running, Optional<Journal.State> journaled) {
        Set<ReplicaId> found =
                running.stream().map(replica -> replica.spec().id()).collect(Collectors.toSet());
        return journaled.stream()
                .flatMap(state -> state.intents().stream())
                .filter(intent -> !found.contains(intent.id()));
    }

    /** A replica ended before the seats were opened. */
    void exited(ReplicaId id) {
        gone.add(id);
    }

    private Adoption adoption(List<RunningReplica> running, Optional<Journal.State> journaled) {
        if (journaled.isEmpty() && !running.isEmpty()) {
            LOG.warn("journal=missing: the pool is made anew of {} replicas that run", running.size());
            return Adoption.withoutJournal(running);
        }
        return Adoption.of(
                journaled.orElseGet(this::first), running, options.get().spares());
    }

    private Journal.State first() {
        return Journal.State.of(pool.seats().free(options.get().replicas()).stream()
                .map(slot -> new ReplicaSpec(ReplicaId.random(), ReplicaNames.first(slot), slot))
                .toList());
    }

    private void end(RunningReplica replica, Optional<Journal.State> journaled) {
        ReplicaId id = replica.spec().id();
        Predicate<ReplicaSpec> same = spec -> spec.id().equals(id);
        if (journaled.stream().anyMatch(state -> state.leaving().stream().anyMatch(same))) {
            LOG.info("replica={} id={} stopped reason=removed", replica.spec().name(), id);
        } else if (journaled.stream().anyMatch(state -> state.intents().stream().anyMatch(same))) {
            LOG.info(
                    "replica={} id={} stopped reason=\"added, not acknowledged\"",
                    replica.spec().name(),
                    id);
        } else {
            LOG.warn(
                    "replica={} id={} stopped reason=\"belongs to no seat\"",
                    replica.spec().name(),
                    id);
        }
        spawner.stop(id, Drains.STOP_GRACE, () -> {});
    }

    /** Looks no more. */
    void stop() {
        timer.run();
    }
}
