package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.OutlierOptions;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The real supervisor and its changes of the pool, from start to stop or death, in a simulated world. */
final class SimulatedBalancer {
    static final HealthOptions HEALTH = new HealthOptions(
            "/heartbeat",
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            2,
            1,
            new OutlierOptions(true, 5, Duration.ofMillis(500), 5, Duration.ofSeconds(10), Duration.ofMinutes(5), 50));
    static final Duration REPLACE_AFTER = Duration.ofSeconds(5);
    static final Duration DRAIN = Duration.ofSeconds(3);

    final SimulatedTime time;
    final SimulatedFile file;
    final SimulatedControl control;
    final SimulatedReplicas replicas;
    final ReplicaRegistry registry = new ReplicaRegistry();
    final ReplicaSupervisor supervisor;
    final PoolChanges changes;
    final List<ReplicaSet> published = new ArrayList<>();
    Consumer<ReplicaSet> onPublish = _ -> {};
    private final Random random;
    private final Map<Replica, Long> unroutedSince = new HashMap<>();
    private boolean stopped;

    SimulatedBalancer(SimulatedTime time, SimulatedFile file, Random random, int n) {
        this.time = time;
        this.file = file;
        this.random = random;
        this.control = new SimulatedControl(time, random);
        this.replicas = new SimulatedReplicas(time, control, random);
        this.replicas.beforeGracefulStop = id -> unroutedSince.keySet().stream()
                .filter(replica -> replica.id().equals(id))
                .forEach(this::checkDrained);
        this.supervisor = new ReplicaSupervisor(
                new ReplicaSupervisor.Parts(
                        control, replicas, replicas, registry, new Journal(file), this::publish, 1, random),
                options(n, 0),
                HEALTH);
        this.changes = new PoolChanges(control, supervisor, registry, random);
    }

    static LifecycleOptions options(int n, int spares) {
        return options(n, spares, 8);
    }

    private static LifecycleOptions options(int n, int spares, int most) {
        return new LifecycleOptions("test", n, most, spares, REPLACE_AFTER, DRAIN, Path.of("unused"), false);
    }

    /** Manages so many at most from now on. */
    void limit(int most) {
        supervisor.reconfigure(options(supervisor.options().replicas(), 0, most), HEALTH);
    }

    /** Keeps so many spares from now on. */
    void keepSpares(int spares) {
        supervisor.reconfigure(options(supervisor.options().replicas(), spares), HEALTH);
    }

    /** One that runs well with its first {@code n} replicas serving. */
    static SimulatedBalancer serving(int n) {
        Random random = new Random(n);
        SimulatedBalancer balancer = new SimulatedBalancer(new SimulatedTime(), new SimulatedFile(), random, n);
        balancer.supervisor.start();
        balancer.run(Duration.ofSeconds(1));
        assertThat(balancer.set().serving()).hasSize(n);
        return balancer;
    }

    /** The next balancer of this one's pool, not started yet; this one is killed, its replicas run on. */
    SimulatedBalancer successor(int seed) {
        control.kill();
        SimulatedBalancer next = new SimulatedBalancer(time, file, new Random(seed), 3);
        next.replicas.survive(replicas);
        return next;
    }

    void run(Duration duration) {
        time.run(duration);
        control.check();
    }

    ReplicaSet set() {
        return registry.current();
    }

    Replica replica(int slot) {
        return set().slots().stream()
                .filter(s -> s.index() == slot)
                .map(Slot::replica)
                .findFirst()
                .orElseThrow();
    }

    ReplicaState state(int slot) {
        return set().slots().stream()
                .filter(s -> s.index() == slot)
                .map(Slot::state)
                .findFirst()
                .orElseThrow();
    }

    SimulatedReplicas.Simulated simulated(int slot) {
        return replicas.alive.get(replica(slot).id());
    }

    CompletionStage<Void> stop() {
        return supervisor.stop();
    }

    /** From now on nothing may be published. */
    void expectSilence() {
        stopped = true;
    }

    private CompletionStage<Void> publish(ReplicaSet set) {
        assertThat(stopped).as("published after the stop").isFalse();
        assertThat(registry.current())
                .as("said before requests are routed by it")
                .isNotSameAs(set);
        assertThat(set.names()).doesNotHaveDuplicates().allMatch(ReplicaNames::valid);
        assertThat(set.slots()).extracting(Slot::index).doesNotHaveDuplicates();
        for (Replica replica : set.serving()) {
            assertThat(replicas.answered).as("serves before it ever answered").contains(replica.id());
        }
        CompletableFuture<Void> seen = new CompletableFuture<>();
        time.after(Duration.ofMillis(random.nextInt(3)), () -> {
            set.draining().forEach(replica -> unroutedSince.putIfAbsent(replica, time.nanos()));
            seen.complete(null);
        });
        published.add(set);
        onPublish.accept(set);
        return seen;
    }

    private void checkDrained(Replica replica) {
        boolean late = time.nanos() - unroutedSince.get(replica)
                >= DRAIN.minusMillis(100).toNanos();
        assertThat(late || replica.inFlight().sum() == 0)
                .as("%s stopped with requests in flight", replica.name())
                .isTrue();
    }
}
