package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.lifecycle.ControlException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds and removes replicas at an operator's word, by way of the {@link ReplicaSupervisor}. A change is in force once
 * the journal holds it: before that it can be undone, and only after that it is published and acknowledged.
 */
public final class PoolChanges implements ReplicaControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolChanges.class);
    private static final String CLOSED = "The balancer is starting or stopping";

    private final ControlThread control;
    private final ReplicaSupervisor supervisor;
    private final Pool pool;
    private final ReplicaRegistry registry;
    private final RandomGenerator random;
    private final ChangeQueue queue;
    private final AtomicLong calls = new AtomicLong();
    private final Map<Long, CompletableFuture<ReplicaSet>> unanswered = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public PoolChanges(
            ControlThread control, ReplicaSupervisor supervisor, ReplicaRegistry registry, RandomGenerator random) {
        this.control = control;
        this.supervisor = supervisor;
        this.pool = supervisor.pool();
        this.registry = registry;
        this.random = random;
        this.queue = new ChangeQueue(control::execute);
    }

    @Override
    public ReplicaSet current() {
        return registry.current();
    }

    @Override
    public CompletionStage<ReplicaSet> add(int n, List<String> names) {
        return submit(done -> ifManaged(done, () -> add(n, names, done)));
    }

    @Override
    public CompletionStage<ReplicaSet> remove(int n, List<String> names, boolean clamp) {
        return submit(done -> ifManaged(done, () -> remove(new Removal(n, names, clamp), done)));
    }

    @Override
    public CompletionStage<ReplicaSet> weigh(Map<String, Double> weights) {
        return submit(done -> weigh(weights, done));
    }

    private CompletionStage<ReplicaSet> submit(Consumer<CompletableFuture<ReplicaSet>> change) {
        CompletableFuture<ReplicaSet> result = new CompletableFuture<>();
        long call = calls.getAndIncrement();
        unanswered.put(call, result);
        result.whenComplete((_, _) -> unanswered.remove(call));
        control.execute(() -> queue.submit(result, done -> {
            if (!supervisor.open()) {
                fail(done, Kind.UNAVAILABLE, CLOSED);
            } else {
                change.accept(done);
            }
        }));
        if (closed) {
            close();
        }
        return result;
    }

    private void ifManaged(CompletableFuture<ReplicaSet> done, Runnable change) {
        if (!supervisor.managed()) {
            fail(done, Kind.REFUSED, "The fixed provider cannot add or remove replicas");
        } else if (!supervisor.spawner().availability.now()) {
            fail(done, Kind.UNAVAILABLE, "Replicas cannot be started or stopped now");
        } else {
            change.run();
        }
    }

    /** Answers every call that waits still, and those that come later: the control thread is about to end. */
    @Override
    public void close() {
        closed = true;
        unanswered.values().forEach(result -> fail(result, Kind.UNAVAILABLE, CLOSED));
    }

    private record Removal(int n, List<String> names, boolean clamp) {}

    private void add(int n, List<String> names, CompletableFuture<ReplicaSet> done) {
        Set<String> inUse = pool.namesInUse();
        Optional<String> taken = names.stream().filter(inUse::contains).findFirst();
        int limit = supervisor.options().replicaLimit();
        if (taken.isPresent()) {
            fail(done, Kind.REFUSED, taken(taken.get()));
        } else if (n > limit - pool.seats().size()) {
            fail(done, Kind.REFUSED, "Cannot manage more than " + limit + " replicas");
        } else {
            begin(specs(n, names, inUse), done);
        }
    }

    private static String taken(String name) {
        return "Hostname '" + name + "' already exists";
    }

    private List<ReplicaSpec> specs(int n, List<String> names, Set<String> inUse) {
        inUse.addAll(names);
        List<ReplicaSpec> specs = new ArrayList<>();
        for (int slot : pool.seats().free(n)) {
            boolean named = specs.size() < names.size();
            String name = named ? names.get(specs.size()) : supervisor.names().unused(inUse);
            inUse.add(name);
            specs.add(new ReplicaSpec(ReplicaId.random(), name, slot));
        }
        return specs;
    }

    private void begin(List<ReplicaSpec> specs, CompletableFuture<ReplicaSet> done) {
        Addition addition = new Addition(
                supervisor.spawner(), specs, ready -> commit(ready, done), failure -> rolledBack(failure, done));
        pool.adding(addition);
        if (pool.save()) {
            addition.start();
        } else {
            pool.adding(null);
            pool.save();
            failUnwritten(done);
        }
    }

    private Optional<Addition.Failure> commit(List<RunningReplica> ready, CompletableFuture<ReplicaSet> done) {
        int limit = supervisor.options().replicaLimit();
        if (ready.size() > limit - pool.seats().size()) {
            // It was changed since they were asked for.
            return Addition.Failure.of("replicas", "no more than " + limit + " can be managed now");
        }
        if (!pool.saveWith(ready)) {
            return Addition.Failure.of("journal", "it could not be written");
        }
        pool.adding(null);
        ready.forEach(supervisor::seat);
        complete(done);
        return Optional.empty();
    }

    private void rolledBack(Addition.Failure failure, CompletableFuture<ReplicaSet> done) {
        pool.adding(null);
        supervisor.changed();
        switch (failure.kind()) {
            case FAILED ->
                fail(
                        done,
                        Kind.SPAWN_FAILED,
                        "Replicas could not be started: " + failure.name() + ": " + failure.reason());
            case UNAVAILABLE -> fail(done, Kind.UNAVAILABLE, "Replicas cannot be started now: " + failure.reason());
            case NAME_TAKEN -> fail(done, Kind.REFUSED, taken(failure.name()));
        }
    }

    private void remove(Removal removal, CompletableFuture<ReplicaSet> done) {
        Seats seats = pool.seats();
        List<Seat> leaving = new ArrayList<>();
        for (String name : removal.names()) {
            Optional<Seat> seat = seats.named(name);
            if (seat.isEmpty()) {
                fail(done, Kind.REFUSED, "Hostname '" + name + "' is not a managed replica");
                return;
            }
            leaving.add(seat.get());
        }
        if (removal.n() > seats.size() && !removal.clamp()) {
            fail(done, Kind.REFUSED, "Cannot remove more instances than are present");
            return;
        }
        List<Seat> others = new ArrayList<>(seats.all());
        others.removeAll(leaving);
        Collections.shuffle(others, Random.from(random));
        leaving.addAll(others.subList(0, Math.min(removal.n() - leaving.size(), others.size())));
        unseat(leaving, done);
    }

    private void weigh(Map<String, Double> weights, CompletableFuture<ReplicaSet> done) {
        Map<Seat, Double> before = new LinkedHashMap<>();
        for (String name : weights.keySet()) {
            Optional<Seat> seat = pool.seats().named(name);
            if (seat.isEmpty()) {
                fail(done, Kind.REFUSED, "Hostname '" + name + "' is not a managed replica");
                return;
            }
            before.put(seat.get(), seat.get().weight());
        }
        before.keySet().forEach(seat -> seat.weigh(weights.getOrDefault(seat.name(), seat.weight())));
        try {
            if (pool.save()) {
                complete(done);
                LOG.info("weights={}", weights);
            } else {
                before.forEach(Seat::weigh);
                pool.save();
                failUnwritten(done);
            }
        } catch (IllegalArgumentException unfit) {
            // Not every algorithm takes weights.
            before.forEach(Seat::weigh);
            supervisor.changed();
            fail(done, Kind.REFUSED, String.valueOf(unfit.getMessage()));
        }
    }

    /** Closes seats; their replicas, no longer under their names, drain behind it. */
    private void unseat(List<Seat> leaving, CompletableFuture<ReplicaSet> done) {
        List<Replica> draining = leaving.stream()
                .filter(seat -> seat.replica() != null)
                .map(Seat::occupant)
                .map(replica -> replica.renamed(ReplicaNames.leaving(replica.id())))
                .toList();
        if (!pool.saveWithout(leaving, draining)) {
            failUnwritten(done);
            return;
        }
        for (Seat seat : leaving) {
            LOG.info(
                    "replica={} slot={} state=DRAINING id={}",
                    seat.name(),
                    seat.index(),
                    seat.spec().id());
            pool.seats().close(seat);
        }
        draining.forEach(supervisor.heartbeats()::forget);
        draining.forEach(pool.drains()::add);
        CompletionStage<Void> unrouted = complete(done);
        draining.forEach(replica ->
                pool.drains().begin(replica, unrouted, supervisor.options().drainTimeout()));
    }

    /** Publishes the change, and answers once every event loop has seen it, with the pool as it is right after it. */
    private CompletionStage<Void> complete(CompletableFuture<ReplicaSet> done) {
        CompletionStage<Void> seen = supervisor.changed();
        ReplicaSet after = registry.current();
        seen.whenComplete((_, _) -> done.complete(after));
        return seen;
    }

    private static void failUnwritten(CompletableFuture<ReplicaSet> done) {
        fail(done, Kind.UNAVAILABLE, "The journal could not be written");
    }

    private static void fail(CompletableFuture<ReplicaSet> done, Kind kind, String text) {
        done.completeExceptionally(new ControlException(kind, text));
    }
}
