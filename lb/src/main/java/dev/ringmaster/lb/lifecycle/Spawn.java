package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One replica on its way from nothing to its first good heartbeat, or back to nothing. Control thread only.
 *
 * <pre>
 *   provider.start ──> heartbeats ──> Ready
 *         │                │
 *         └── failure, exit, deadline, cancel ──> provider.stop until start has returned ──> Failed
 * </pre>
 *
 * The provider's start cannot be called back: until it has returned, a replica may still come into being. So it is
 * stopped again until there is certainty; whoever waits for that is told after {@link #PATIENCE} in any case, and at once
 * where nothing answers the provider, because that can take any time.
 */
final class Spawn {
    /** From nothing to the first good heartbeat. */
    static final Duration DEADLINE = Duration.ofSeconds(30);

    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(10);
    private static final Duration BETWEEN_STOPS = Duration.ofMillis(200);

    private final Spawner spawner;
    private final ReplicaSpec spec;
    private final Consumer<Outcome> done;
    private final long since;
    private final Runnable deadline;
    private Runnable gone = () -> {};
    private boolean returned;
    private boolean ready;
    private boolean failed;
    private boolean told;

    /** How a spawn went. */
    sealed interface Outcome {
        /** It answered a heartbeat. */
        record Ready(RunningReplica replica, Duration took) implements Outcome {}

        /** It did not, and nothing of it is left, except if nothing answered: then {@link #cancel} tells when. */
        record Failed(Kind kind, String reason) implements Outcome {}
    }

    Spawn(Spawner spawner, ReplicaSpec spec, Duration limit, Consumer<Outcome> done) {
        this.spawner = spawner;
        this.spec = spec;
        this.done = done;
        this.since = spawner.control.nanos();
        this.deadline = spawner.control.schedule(limit, () -> late(limit));
    }

    ReplicaSpec spec() {
        return spec;
    }

    /** Ends it; its outcome is not told, but {@code ended} runs, perhaps at once, when nothing of it is left. */
    void cancel(Runnable ended) {
        if (ready || told) {
            ended.run();
        } else if (failed) {
            gone = ended;
        } else {
            undo(ended);
        }
    }

    void started(RunningReplica replica) {
        returned = true;
        probe(replica);
    }

    void notStarted(Kind kind, String reason) {
        returned = true;
        fail(kind, reason);
    }

    void exited(String reason) {
        fail(Kind.FAILED, "the replica " + reason);
    }

    private void probe(RunningReplica replica) {
        if (!failed) {
            spawner.probe.probe(
                    replica.address(),
                    spawner.health(),
                    result -> spawner.control.execute(() -> probed(replica, result)));
        }
    }

    private void probed(RunningReplica replica, ProbeResult result) {
        if (failed) {
            return;
        }
        if (result == ProbeResult.ALIVE) {
            ready = true;
            deadline.run();
            spawner.over(this);
            Duration took = Duration.ofNanos(spawner.control.nanos() - since);
            spawner.stats.spawned(took);
            done.accept(new Outcome.Ready(replica, took));
        } else {
            spawner.control.schedule(BETWEEN_PROBES, () -> probe(replica));
        }
    }

    private void late(Duration limit) {
        fail(spawner.availability.now() ? Kind.FAILED : Kind.UNAVAILABLE, "it did not start within " + limit);
    }

    private void fail(Kind kind, String reason) {
        if (failed || ready) {
            return;
        }
        spawner.stats.spawnFailed();
        Outcome outcome = new Outcome.Failed(kind, reason);
        if (kind == Kind.UNAVAILABLE) {
            undo(() -> {});
            done.accept(outcome);
        } else {
            spawner.control.schedule(PATIENCE, this::tell);
            undo(() -> done.accept(outcome));
        }
    }

    private void undo(Runnable ended) {
        failed = true;
        gone = ended;
        deadline.run();
        end();
    }

    private void end() {
        boolean last = returned;
        spawner.kill(spec.id(), () -> {
            if (last) {
                spawner.over(this);
                tell();
            } else {
                spawner.control.schedule(BETWEEN_STOPS, this::end);
            }
        });
    }

    private void tell() {
        told = true;
        Runnable waiting = gone;
        gone = () -> {};
        waiting.run();
    }
}
