package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Replicas that are being added, all or none. Control thread only. */
final class Addition {
    private final Spawner spawner;
    private final List<ReplicaSpec> wanted;
    private final Predicate<List<RunningReplica>> commit;
    private final Consumer<String> failed;
    private final List<Spawn> spawns = new ArrayList<>();
    private final Map<ReplicaId, RunningReplica> serving = new HashMap<>();
    private boolean over;
    private int left;

    /**
     * Starts nothing yet.
     *
     * @param commit takes the replicas over, in the order wanted, or refuses, which fails them all
     * @param failed hears why there are none, once there are
     */
    Addition(
            Spawner spawner,
            List<ReplicaSpec> wanted,
            Predicate<List<RunningReplica>> commit,
            Consumer<String> failed) {
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
            spawns.add(spawner.start(spec, outcome -> spawned(spec, outcome)));
        }
    }

    private void spawned(ReplicaSpec spec, Spawn.Outcome outcome) {
        switch (outcome) {
            case Spawn.Outcome.Failed(String reason) -> fail(spec.name() + ": " + reason);
            case Spawn.Outcome.Ready up -> {
                serving.put(spec.id(), up.replica());
                if (serving.size() == wanted.size()) {
                    if (commit.test(
                            wanted.stream().map(s -> serving.get(s.id())).toList())) {
                        over = true;
                    } else {
                        fail("the journal could not be written");
                    }
                }
            }
        }
    }

    /** A replica ended; if it was one of these, all fail. */
    void exited(ReplicaId id, String reason) {
        RunningReplica gone = serving.get(id);
        if (gone != null) {
            fail(gone.spec().name() + ": the replica " + reason);
        }
    }

    /** Ends all of them, unless they are taken over. */
    void fail(String reason) {
        if (over) {
            return;
        }
        over = true;
        left = spawns.size();
        Runnable ended = () -> {
            left--;
            if (left == 0) {
                failed.accept(reason);
            }
        };
        for (Spawn spawn : spawns) {
            if (serving.containsKey(spawn.spec().id())) {
                spawner.kill(spawn.spec().id(), ended);
            } else {
                spawn.cancel(ended);
            }
        }
    }
}
