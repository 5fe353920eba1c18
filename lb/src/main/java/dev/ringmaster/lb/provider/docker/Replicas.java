package dev.ringmaster.lb.provider.docker;

import dev.ringmaster.lb.replica.ReplicaId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The replicas whose death nobody has told of yet, by identity and by container. Any thread. */
final class Replicas {
    private final Map<ReplicaId, Known> byId = new ConcurrentHashMap<>();

    /** A replica, its container, and what is known to have happened to it. */
    static final class Known {
        final ReplicaId id;
        final String container;
        volatile boolean stopping;
        volatile boolean toldToEnd;
        volatile boolean outOfMemory;
        /** In the replicas' network; empty until it is known. */
        volatile String address = "";

        Known(ReplicaId id, String container) {
            this.id = id;
            this.container = container;
        }
    }

    void add(ReplicaId id, String container) {
        byId.putIfAbsent(id, new Known(id, container));
    }

    /** It is reached there. */
    void at(ReplicaId id, String address) {
        Known known = byId.get(id);
        if (known != null) {
            known.address = address;
        }
    }

    /** It is being ended here: what happens to it from now on is no news. */
    void stopping(ReplicaId id) {
        Known known = byId.get(id);
        if (known != null) {
            known.stopping = true;
        }
    }

    /** Forgets it; whether it was known. */
    boolean remove(ReplicaId id) {
        return byId.remove(id) != null;
    }

    Optional<Known> in(String container) {
        return byId.values().stream()
                .filter(known -> known.container.equals(container))
                .findFirst();
    }

    List<Known> all() {
        return List.copyOf(byId.values());
    }
}
