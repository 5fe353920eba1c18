package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.HeartbeatProbe;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the provider start and stop replicas, and knows what is under way. Control thread only; the provider's blocking
 * calls are made elsewhere.
 */
final class Spawner {
    private static final Logger LOG = LoggerFactory.getLogger(Spawner.class);
    private static final Duration STOP_AGAIN = Duration.ofSeconds(1);

    final ControlThread control;
    final HeartbeatProbe probe;
    final LifecycleStats stats;
    final Availability availability;
    private final ReplicaProvider provider;
    private final Supplier<HealthOptions> health;
    private final Map<ReplicaId, Spawn> starting = new LinkedHashMap<>();
    private final Map<ReplicaId, ReplicaSpec> doubtful = new LinkedHashMap<>();
    private final Set<ReplicaId> ending = new HashSet<>();
    /** Those whose stop has failed, which is tried again: said once each. */
    private final Set<ReplicaId> stuck = new HashSet<>();

    Spawner(
            ControlThread control,
            ReplicaProvider provider,
            Availability availability,
            HeartbeatProbe probe,
            Supplier<HealthOptions> health,
            LifecycleStats stats) {
        this.control = control;
        this.availability = availability;
        this.provider = provider;
        this.probe = probe;
        this.health = health;
        this.stats = stats;
    }

    HealthOptions health() {
        return health.get();
    }

    /** A spawn that is begun by {@link #launch}; {@code done} is called exactly once, later, unless it is cancelled. */
    Spawn prepare(ReplicaSpec spec, Consumer<Spawn.Outcome> done) {
        return begin(spec, Spawn.DEADLINE, done);
    }

    void launch(Spawn spawn) {
        control.offload(() -> {
            try {
                var started = provider.start(spawn.spec(), Spawn.DEADLINE);
                control.execute(() -> {
                    availability.answered();
                    spawn.started(started);
                });
            } catch (ProviderException failed) {
                control.execute(() -> {
                    judge(failed);
                    spawn.notStarted(failed.kind(), String.valueOf(failed.getMessage()));
                });
            } catch (RuntimeException bug) {
                control.execute(() -> spawn.notStarted(Kind.FAILED, bug.toString()));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                control.execute(() -> spawn.notStarted(Kind.FAILED, "interrupted"));
            }
        });
    }

    private void judge(ProviderException failed) {
        if (failed.kind() == Kind.UNAVAILABLE) {
            availability.unanswered(String.valueOf(failed.getMessage()));
        } else {
            availability.answered();
        }
    }

    /** Takes over a replica that runs already, if it answers a heartbeat within {@code limit}; else it is ended. */
    Spawn adopt(RunningReplica running, Duration limit, Consumer<Spawn.Outcome> done) {
        Spawn spawn = begin(running.spec(), limit, done);
        spawn.started(running);
        return spawn;
    }

    private Spawn begin(ReplicaSpec spec, Duration limit, Consumer<Spawn.Outcome> done) {
        Spawn spawn = new Spawn(this, spec, limit, done);
        starting.put(spec.id(), spawn);
        return spawn;
    }

    /** The spawn is over and nothing of it is left, or its replica belongs to whoever asked for it. */
    void over(Spawn spawn) {
        starting.remove(spawn.spec().id());
    }

    /** A replica ended; whether it was one that is being started. */
    boolean exited(ReplicaId id, String reason) {
        Spawn spawn = starting.get(id);
        if (spawn != null) {
            spawn.exited(reason);
        }
        return spawn != null;
    }

    /** Ends a replica at once, elsewhere; then {@code done} runs on the control thread. */
    void kill(ReplicaId id, Runnable done) {
        stop(id, Duration.ZERO, done);
    }

    /** Ends a replica, by force after {@code grace}, elsewhere; {@code done} runs on the control thread once it is gone. */
    void stop(ReplicaId id, Duration grace, Runnable done) {
        ending.add(id);
        control.offload(() -> {
            try {
                provider.stop(id, grace);
                control.execute(() -> {
                    availability.answered();
                    stuck.remove(id);
                    ending.remove(id);
                    done.run();
                });
            } catch (ProviderException failed) {
                control.execute(() -> {
                    judge(failed);
                    stopAgain(id, done, failed.kind() == Kind.UNAVAILABLE, failed);
                });
            } catch (RuntimeException bug) {
                control.execute(() -> stopAgain(id, done, false, bug));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void stopAgain(ReplicaId id, Runnable done, boolean told, Exception failure) {
        if (!told && stuck.add(id)) {
            LOG.warn("id={} stopped=false reason=\"{}\"", id, failure.getMessage());
        }
        control.schedule(STOP_AGAIN, () -> kill(id, done));
    }

    /** Ends a replica that an earlier balancer had asked for, once it must have come into being, if it ever does. */
    void undoLater(ReplicaSpec spec) {
        doubtful.put(spec.id(), spec);
        control.schedule(Spawn.DEADLINE, () -> kill(spec.id(), () -> doubtful.remove(spec.id())));
    }

    /** Those that are being started, or may come into being all the same. */
    List<ReplicaSpec> underWay() {
        return Stream.concat(starting.values().stream().map(Spawn::spec), doubtful.values().stream())
                .toList();
    }

    /** Whether nothing is being started or stopped. */
    boolean idle() {
        return starting.isEmpty() && ending.isEmpty();
    }
}
