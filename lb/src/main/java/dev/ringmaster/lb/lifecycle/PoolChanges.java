package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.lifecycle.ControlException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Adds and removes replicas at an operator's word, by way of the {@link ReplicaSupervisor}. */
public final class PoolChanges implements ReplicaControl {
    private final ControlThread control;
    private final ReplicaSupervisor supervisor;
    private final ReplicaRegistry registry;
    private final RandomGenerator random;
    private final ChangeQueue queue = new ChangeQueue();

    public PoolChanges(
            ControlThread control, ReplicaSupervisor supervisor, ReplicaRegistry registry, RandomGenerator random) {
        this.control = control;
        this.supervisor = supervisor;
        this.registry = registry;
        this.random = random;
    }

    @Override
    public ReplicaSet current() {
        return registry.current();
    }

    @Override
    public CompletionStage<ReplicaSet> add(int n, List<String> names) {
        CompletableFuture<ReplicaSet> result = new CompletableFuture<>();
        control.execute(() -> queue.submit(result, done -> add(n, names, done)));
        return result;
    }

    @Override
    public CompletionStage<ReplicaSet> remove(int n, List<String> names, boolean clamp) {
        CompletableFuture<ReplicaSet> result = new CompletableFuture<>();
        control.execute(() -> queue.submit(result, done -> remove(new Removal(n, names, clamp), done)));
        return result;
    }

    private record Removal(int n, List<String> names, boolean clamp) {}

    private void add(int n, List<String> names, CompletableFuture<ReplicaSet> done) {
        Set<String> inUse = supervisor.namesInUse();
        int limit = supervisor.options().replicaLimit();
        for (String name : names) {
            if (inUse.contains(name)) {
                refuse(done, "Hostname '" + name + "' already exists");
                return;
            }
        }
        if (!supervisor.managed()) {
            refuse(done, "The fixed provider cannot add or remove replicas");
            return;
        }
        if (n > limit - supervisor.seats().size()) {
            refuse(done, "Cannot manage more than " + limit + " replicas");
            return;
        }
        List<ReplicaSpec> specs = new ArrayList<>();
        inUse.addAll(names);
        for (int slot : supervisor.seats().free(n)) {
            boolean named = specs.size() < names.size();
            String name = named ? names.get(specs.size()) : supervisor.unusedName(inUse);
            inUse.add(name);
            specs.add(new ReplicaSpec(ReplicaId.random(), name, slot));
        }
        Addition addition = new Addition(
                supervisor.spawner(), specs, ready -> commit(ready, done), reason -> rolledBack(reason, done));
        supervisor.intend(specs, exit -> addition.exited(exit.id(), exit.reason()));
        addition.start();
    }

    private void commit(List<RunningReplica> ready, CompletableFuture<ReplicaSet> done) {
        supervisor.forgetIntent();
        ready.forEach(supervisor::seat);
        complete(supervisor.changed(), done);
    }

    private void rolledBack(String reason, CompletableFuture<ReplicaSet> done) {
        supervisor.forgetIntent();
        supervisor.changed();
        done.completeExceptionally(new ControlException(Kind.SPAWN_FAILED, "Replicas could not be started: " + reason));
    }

    private void remove(Removal removal, CompletableFuture<ReplicaSet> done) {
        Seats seats = supervisor.seats();
        List<Seat> leaving = new ArrayList<>();
        for (String name : removal.names()) {
            if (seats.named(name).isEmpty()) {
                refuse(done, "Hostname '" + name + "' is not a managed replica");
                return;
            }
            seats.named(name).ifPresent(leaving::add);
        }
        if (!supervisor.managed()) {
            refuse(done, "The fixed provider cannot add or remove replicas");
            return;
        }
        if (removal.n() > seats.size() && !removal.clamp()) {
            refuse(done, "Cannot remove more instances than are present");
            return;
        }
        List<Seat> others = new ArrayList<>(seats.all());
        others.removeAll(leaving);
        Collections.shuffle(others, Random.from(random));
        leaving.addAll(others.subList(0, Math.min(removal.n() - leaving.size(), others.size())));
        complete(supervisor.unseat(leaving), done);
    }

    /** Answers once every event loop has seen the change, with the pool as it is right after it. */
    private void complete(CompletionStage<Void> seen, CompletableFuture<ReplicaSet> done) {
        ReplicaSet after = registry.current();
        seen.whenComplete((_, _) -> control.execute(() -> done.complete(after)));
    }

    private static void refuse(CompletableFuture<ReplicaSet> done, String text) {
        done.completeExceptionally(new ControlException(Kind.REFUSED, text));
    }
}
