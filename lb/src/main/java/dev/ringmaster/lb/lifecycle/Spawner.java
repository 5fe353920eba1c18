package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.HeartbeatProbe;
import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings replicas from nothing to their first good heartbeat. Control thread only; the provider's blocking calls are made
 * elsewhere.
 */
final class Spawner {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(10);

    private final ControlThread control;
    private final ReplicaProvider provider;
    private final HeartbeatProbe probe;
    private final Supplier<HealthOptions> health;
    private final Map<ReplicaId, Spawn> running = new HashMap<>();

    Spawner(ControlThread control, ReplicaProvider provider, HeartbeatProbe probe, Supplier<HealthOptions> health) {
        this.control = control;
        this.provider = provider;
        this.probe = probe;
        this.health = health;
    }

    /** How a spawn went. */
    sealed interface Outcome {
        /** It answered a heartbeat. */
        record Ready(RunningReplica replica, Duration took) implements Outcome {}

        /** It did not, and nothing of it is left. */
        record Failed(String reason) implements Outcome {}
    }

    /** Starts a replica; {@code done} is called exactly once, later, unless the spawn is cancelled. */
    Spawn start(ReplicaSpec spec, Consumer<Outcome> done) {
        Spawn spawn = new Spawn(spec, done, control.nanos());
        running.put(spec.id(), spawn);
        control.offload(() -> {
            try {
                RunningReplica started = provider.start(spec, DEADLINE);
                control.execute(() -> spawn.started(started));
            } catch (ProviderException failed) {
                control.execute(() -> spawn.end(new Outcome.Failed(String.valueOf(failed.getMessage()))));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                control.execute(() -> spawn.end(new Outcome.Failed("interrupted")));
            }
        });
        return spawn;
    }

    /** A replica ended; whether it was one that is being started. */
    boolean exited(ReplicaId id, String reason) {
        Spawn spawn = running.get(id);
        if (spawn == null) {
            return false;
        }
        spawn.end(new Outcome.Failed("the replica " + reason));
        return true;
    }

    /** Ends a replica at once, elsewhere; then {@code done} runs on the control thread. */
    void kill(ReplicaId id, Runnable done) {
        stop(id, Duration.ZERO, done);
    }

    /** Ends a replica, by force after {@code grace}, elsewhere; then {@code done} runs on the control thread. */
    void stop(ReplicaId id, Duration grace, Runnable done) {
        control.offload(() -> {
            try {
                provider.stop(id, grace);
            } catch (ProviderException failed) {
                Spawn.LOG.warn("replica={} could not be stopped: {}", id, failed.getMessage());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            control.execute(done);
        });
    }

    /** One replica on its way. */
    final class Spawn {
        private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(Spawner.class);

        private final ReplicaSpec spec;
        private final Consumer<Outcome> done;
        private final long since;
        private @Nullable RunningReplica started;
        private boolean over;

        private Spawn(ReplicaSpec spec, Consumer<Outcome> done, long since) {
            this.spec = spec;
            this.done = done;
            this.since = since;
        }

        ReplicaSpec spec() {
            return spec;
        }

        /** Ends it; nobody is told. */
        void cancel() {
            if (!over) {
                over = true;
                running.remove(spec.id());
                if (started != null) {
                    kill(spec.id(), () -> {});
                }
            }
        }

        private void started(RunningReplica replica) {
            started = replica;
            if (over) {
                kill(spec.id(), () -> {});
            } else {
                probe();
            }
        }

        private void probe() {
            RunningReplica replica = started;
            if (over || replica == null) {
                return;
            }
            probe.probe(replica.address(), health.get(), result -> control.execute(() -> probed(replica, result)));
        }

        private void probed(RunningReplica replica, ProbeResult result) {
            Duration took = Duration.ofNanos(control.nanos() - since);
            if (over) {
                return;
            }
            if (result == ProbeResult.ALIVE) {
                end(new Outcome.Ready(replica, took));
            } else if (took.compareTo(DEADLINE) > 0) {
                String reason = "the replica answered no heartbeat at "
                        + health.get().path() + " within " + DEADLINE.toSeconds() + "s (last: " + result + ")";
                over = true;
                running.remove(spec.id());
                kill(spec.id(), () -> done.accept(new Outcome.Failed(reason)));
            } else {
                control.schedule(BETWEEN_PROBES, this::probe);
            }
        }

        private void end(Outcome outcome) {
            if (!over) {
                over = true;
                running.remove(spec.id());
                done.accept(outcome);
            }
        }
    }
}
