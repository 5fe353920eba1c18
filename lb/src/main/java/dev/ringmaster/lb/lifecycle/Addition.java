package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Replicas that are being added, all or none. Control thread only. */
final class Addition {
    private final Spawner spawner;
    private final List<ReplicaSpec> wanted;
    private final Function<List<RunningReplica>, Optional<Failure>> commit;
    private final Consumer<Failure> failed;
    private final List<Spawn> spawns = new ArrayList<>();
    private final Map<ReplicaId, RunningReplica> serving = new HashMap<>();
    private boolean over;
    private int left;

    /** Why there is none of them: what to make of it, and the replica it was about, empty for all of them. */
    record Failure(Kind kind, String name, String reason) {
        static Optional<Failure> of(String name, String reason) {
            return Optional.of(new Failure(Kind.FAILED, name, reason));
        }
    }

    /**
     * Starts nothing yet.
     *
     * @param commit takes the replicas over, in the order wanted, or says why not, which fails them all
     * @param failed hears why there are none, once there are, or are to end but cannot be ended for now
     */
    Addition(
            Spawner spawner,
            List<ReplicaSpec> wanted,
            Function<List<RunningReplica>, Optional<Failure>> commit,
            Consumer<Failure> failed) {
        this.spawner = spawner;
        this.wanted = wanted;
        this.commit = commit;
        this.failed = failed;
    }

    List<ReplicaSpec> wanted() {
        return wanted;
    }

    void start() {
        for (ReplicaSpec spec : wanted) {
            Spawn spawn = spawner.prepare(spec, outcome -> spawned(spec, outcome));
            spawns.add(spawn);
            spawner.launch(spawn);
        }
    }

    private void spawned(ReplicaSpec spec, Spawn.Outcome outcome) {
        switch (outcome) {
            case Spawn.Outcome.Failed(Kind kind, String reason) -> fail(new Failure(kind, spec.name(), reason));
            case Spawn.Outcome.Ready up -> {
                serving.put(spec.id(), up.replica());
                if (serving.size() == wanted.size()) {
                    commit.apply(wanted.stream().map(s -> serving.get(s.id())).toList())
                            .ifPresentOrElse(this::fail, () -> over = true);
                }
            }
        }
    }

    /** A replica ended; if it was one of these, all fail. */
    void exited(ReplicaId id, String reason) {
        RunningReplica gone = serving.get(id);
        if (gone != null) {
            fail(new Failure(Kind.FAILED, gone.spec().name(), "the replica " + reason));
        }
    }

    /** Ends all of them, unless they are taken over. Where nothing answers, that is not waited for. */
    void fail(Failure failure) {
        if (over) {
            return;
        }
        over = true;
        left = spawns.size();
        Runnable ended = () -> {
            left--;
            if (left == 0) {
                failed.accept(failure);
            }
        };
        for (Spawn spawn : spawns) {
            if (serving.containsKey(spawn.spec().id())) {
                spawner.kill(spawn.spec().id(), ended);
            } else {
                spawn.cancel(ended);
            }
        }
        spawner.control.schedule(failure.kind() == Kind.UNAVAILABLE ? Duration.ZERO : Spawn.PATIENCE, () -> {
            if (left > 0) {
                left = 0;
                failed.accept(failure);
            }
        });
    }
}
