package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Replicas that are being added, all or none. Control thread only. */
final class Addition {
    private final Spawner spawner;
    private final List<ReplicaSpec> wanted;
    private final Consumer<List<RunningReplica>> ready;
    private final Consumer<String> failed;
    private final List<Spawner.Spawn> spawns = new ArrayList<>();
    private final Map<ReplicaId, RunningReplica> serving = new HashMap<>();
    private boolean over;

    /** Calls {@code ready} with the replicas in the order wanted, or {@code failed} with the reason once none is left. */
    Addition(Spawner spawner, List<ReplicaSpec> wanted, Consumer<List<RunningReplica>> ready, Consumer<String> failed) {
        this.spawner = spawner;
        this.wanted = wanted;
        this.ready = ready;
        this.failed = failed;
    }

    List<ReplicaSpec> wanted() {
        return over ? List.of() : wanted;
    }

    void start() {
        for (ReplicaSpec spec : wanted) {
            spawns.add(spawner.start(spec, outcome -> spawned(spec, outcome)));
        }
    }

    private void spawned(ReplicaSpec spec, Spawner.Outcome outcome) {
        switch (outcome) {
            case Spawner.Outcome.Ready up -> {
                serving.put(spec.id(), up.replica());
                if (!over && serving.size() == wanted.size()) {
                    over = true;
                    ready.accept(wanted.stream().map(s -> serving.get(s.id())).toList());
                }
            }
            case Spawner.Outcome.Failed(String reason) -> fail(spec.name() + ": " + reason);
        }
    }

    /** A replica ended; whether it was one of these, which fails all. */
    boolean exited(ReplicaId id, String reason) {
        RunningReplica gone = over ? null : serving.remove(id);
        if (gone == null) {
            return false;
        }
        fail(gone.spec().name() + ": the replica " + reason);
        return true;
    }

    /** Ends all of them. */
    void fail(String reason) {
        if (over) {
            return;
        }
        over = true;
        spawns.forEach(Spawner.Spawn::cancel);
        List<ReplicaId> left = new ArrayList<>(serving.keySet());
        if (left.isEmpty()) {
            failed.accept(reason);
        }
        for (ReplicaId id : left) {
            spawner.kill(id, () -> {
                serving.remove(id);
                if (serving.isEmpty()) {
                    failed.accept(reason);
                }
            });
        }
    }
}
