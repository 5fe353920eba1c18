package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.PoolModel.Change;
import dev.ringmaster.lb.lifecycle.SimulatedFile.Write;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Simulated;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The real control plane in a world where everything goes wrong at random. A seed determines all of it: a failure names
 * its seed, and {@code -Dsimulation.seed=N} plays it again; {@code -Dsimulation.seeds=N} plays more of them.
 */
class PoolSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);

    @Test
    void pool_underRandomFailuresAndChanges_staysWhatItsOperatorsMadeIt() {
        Integer only = Integer.getInteger("simulation.seed");
        for (int seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    @Test
    void simulation_ofTheSameSeed_isTheSame() {
        assertThat(new Run(7).play()).isEqualTo(new Run(7).play()).isNotEqualTo(new Run(8).play());
    }

    /** One seed's world. */
    private static final class Run {
        private static final int STEPS = 30;

        private final Random random;
        private final SimulatedTime time = new SimulatedTime();
        private final SimulatedFile file = new SimulatedFile();
        private final PoolModel model;
        private final StringBuilder trace = new StringBuilder();
        private final int n;
        private final double trouble;
        private final boolean outlives;
        private int spares;
        private SimulatedBalancer balancer;
        /** Changes that failed, with the number of writes that had succeeded by then. */
        private final Map<Change, Integer> failed = new HashMap<>();

        private boolean calm = true;
        private int names;

        Run(int seed) {
            random = new Random(seed);
            n = random.nextInt(5);
            trouble = random.nextDouble() * random.nextDouble();
            model = new PoolModel(n);
            outlives = random.nextBoolean();
            spares = random.nextInt(3);
            balancer = begin();
        }

        private SimulatedBalancer begin() {
            SimulatedBalancer next = new SimulatedBalancer(time, file, random, n);
            next.replicas.outlives = outlives;
            next.replicas.beforeStart = this::assertWrittenDown;
            next.replicas.comesLate = () -> !file.inDoubt && random.nextBoolean();
            next.keepSpares(spares);
            next.onPublish = set -> {
                trace.append(time.nanos()).append(' ').append(set.names()).append('\n');
                model.published(set);
            };
            next.replicas.nextStart =
                    () -> troubled() ? Start.values()[random.nextInt(Start.values().length)] : Start.WELL;
            next.replicas.stopFails = () -> troubled() && random.nextInt(4) == 0;
            file.nextWrite = () -> troubled() ? Write.values()[random.nextInt(Write.values().length)] : Write.WELL;
            next.supervisor.start();
            return next;
        }

        /** What may outlive its balancer has to be found again, whatever becomes of the call that starts it. */
        private void assertWrittenDown(ReplicaSpec spec) {
            if (outlives && !file.inDoubt) {
                Journal.State state = state();
                assertThat(Stream.of(state.intents(), state.slots()).flatMap(List::stream))
                        .as("written down before it is started")
                        .contains(spec);
            }
        }

        private boolean troubled() {
            return !calm && random.nextDouble() < trouble;
        }

        String play() {
            run(Duration.ofSeconds(2));
            calm = false;
            for (int i = 0; i < STEPS; i++) {
                act();
                run(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 400)));
            }
            calm = true;
            settle();
            stop();
            return trace.toString();
        }

        private void run(Duration duration) {
            long until = time.nanos() + duration.toNanos();
            while (time.step(until)) {
                balancer.control.check();
                if (balancer.control.dead()) {
                    restart();
                }
            }
        }

        private void act() {
            switch (random.nextInt(16)) {
                case 0 -> any().ifPresent(replica -> balancer.replicas.die(replica.spec.id()));
                case 1 -> any().ifPresent(replica -> balancer.replicas.kill(replica.spec.id()));
                case 2 -> any().ifPresent(replica -> replica.frozen = true);
                case 3 -> balancer.replicas.alive.values().forEach(replica -> replica.frozen = false);
                case 4, 5 -> change(true);
                case 6, 7 -> change(false);
                case 8 -> {
                    balancer.control.kill();
                    restart();
                }
                case 9 -> time.stall(Duration.ofMillis(random.nextInt(5000)));
                case 10 -> request();
                case 11 -> outage();
                case 12 -> any().ifPresent(replica -> event((events, id) -> events.ending(id, "asked to"), replica));
                case 13 -> any().ifPresent(replica -> event((events, id) -> events.suspended(id, "paused"), replica));
                case 14 -> {
                    spares = random.nextInt(3);
                    balancer.keepSpares(spares);
                }
                default -> {
                    for (int i = random.nextInt(24); i > 0; i--) {
                        change(random.nextBoolean());
                    }
                }
            }
        }

        /** Whatever runs the replicas does not answer for a while; replicas go on, and die, all the same. */
        private void outage() {
            SimulatedReplicas out = balancer.replicas;
            out.available = random.nextBoolean();
            out.unanswered = true;
            time.after(Duration.ofMillis(random.nextInt(20_000)), () -> {
                out.available = true;
                out.unanswered = false;
            });
        }

        private void event(BiConsumer<ReplicaProvider.Events, ReplicaId> event, Simulated about) {
            balancer.replicas.tell(event, about.spec.id());
        }

        private Optional<Simulated> any() {
            List<Simulated> alive = List.copyOf(balancer.replicas.alive.values());
            return alive.isEmpty() ? Optional.empty() : Optional.of(alive.get(random.nextInt(alive.size())));
        }

        private void request() {
            for (Replica replica : balancer.set().serving()) {
                replica.inFlight().begin(0);
                Runnable end = () -> replica.inFlight().end(0);
                time.after(Duration.ofMillis(random.nextInt(6000)), end);
            }
        }

        private void change(boolean adds) {
            SimulatedBalancer asked = balancer;
            int many = 1 + random.nextInt(3);
            List<String> hosts = new ArrayList<>();
            if (random.nextBoolean()) {
                List<String> present = model.names();
                if (adds) {
                    hosts.add("named" + names++);
                } else if (!present.isEmpty()) {
                    hosts.add(present.get(random.nextInt(present.size())));
                }
            }
            Change change = new Change(adds, many, hosts);
            model.ask(change);
            var stage = adds ? asked.changes.add(many, hosts) : asked.changes.remove(many, hosts, false);
            // A stage keeps what its listeners throw to itself.
            stage.whenComplete((set, failure) -> asked.control.guarded(() -> {
                assertThat(asked).isSameAs(balancer);
                answered(change, set, failure);
            }));
        }

        private void answered(Change change, @Nullable ReplicaSet set, @Nullable Throwable failure) {
            trace.append(change)
                    .append(failure == null ? " done" : " " + failure.getMessage())
                    .append('\n');
            if (failure == null) {
                model.acknowledged(change, set);
                assertThat(journaled()).as("acknowledged, not on disk").isEqualTo(seats(set));
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                assertThat(cause).isInstanceOf(ControlException.class);
                model.failed(change, (ControlException) cause);
                failed.put(change, file.succeeded);
            }
        }

        private static List<Integer> seats(ReplicaSet set) {
            return set.slots().stream().map(Slot::index).toList();
        }

        private List<Integer> journaled() {
            return onDisk().stream().map(ReplicaSpec::slot).toList();
        }

        private List<ReplicaSpec> onDisk() {
            return state().slots();
        }

        private Journal.State state() {
            try {
                return new Journal(file).read().orElseThrow();
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        }

        private void restart() {
            trace.append("killed\n");
            List<Slot> found = onDisk().stream()
                    .map(spec -> new Slot(spec.slot(), 1, spec.name(), ReplicaState.DEAD, null))
                    .toList();
            failed.values().removeIf(succeeded -> succeeded != file.succeeded);
            model.restarted(journaled(), file.inDoubt, failed.keySet());
            failed.clear();
            SimulatedReplicas before = balancer.replicas;
            balancer = begin();
            balancer.replicas.survive(before);
            model.published(new ReplicaSet(found, List.of()));
        }

        /** Trouble is over: after a while all is as it should be. */
        private void settle() {
            balancer.replicas.alive.values().forEach(replica -> replica.frozen = false);
            balancer.replicas.available = true;
            balancer.replicas.unanswered = false;
            run(Duration.ofMinutes(4));
            assertThat(model.waiting()).as("changes without an answer").isZero();
            ReplicaSet set = balancer.set();
            assertThat(set.target()).isEqualTo(model.size());
            assertThat(set.draining()).isEmpty();
            for (Slot slot : set.slots()) {
                assertThat(slot.state()).as("%s", slot).isIn(ReplicaState.UP, ReplicaState.FAILED);
            }
            assertThat(balancer.replicas.alive.keySet())
                    .as("replicas that run, against those that belong to the pool")
                    .containsExactlyInAnyOrderElementsOf(Stream.of(set.serving(), set.spares())
                            .flatMap(List::stream)
                            .map(Replica::id)
                            .toList());
            assertThat(balancer.supervisor.pool().seats().spares())
                    .hasSize(spares)
                    .extracting(Seat::state)
                    .isSubsetOf(ReplicaState.UP, ReplicaState.FAILED);
            trace.append(set.spares().size())
                    .append(" spares of ")
                    .append(spares)
                    .append('\n');
            assertThat(new ArrayList<>(model.names())).isEqualTo(set.names());
            assertThat(file.inDoubt).as("journal not written in the end").isFalse();
        }

        private void stop() {
            if (random.nextBoolean()) {
                change(true);
                balancer.replicas.nextStart = () -> random.nextBoolean() ? Start.HANG : Start.SLOWLY;
                run(Duration.ofMillis(random.nextInt(1000)));
            }
            CompletableFuture<Void> stopped = balancer.stop().toCompletableFuture();
            run(Duration.ofNanos(1));
            balancer.expectSilence();
            run(SimulatedBalancer.DRAIN.plusSeconds(16));
            assertThat(stopped).as("stop").isCompleted();
            assertThat(balancer.replicas.alive).as("replicas after the stop").isEmpty();
            assertThat(model.waiting()).as("changes without an answer").isZero();
        }
    }
}
