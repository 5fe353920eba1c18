package dev.ringmaster.lb.upstream;

import dev.ringmaster.lb.replica.ReplicaId;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections of one event loop to one replica, the one used last taken first, so that the rest age and are closed.
 * Keyed by the replica's id and never by its address, which may pass to another replica at once. Event loop only.
 */
final class ReplicaPool {
    private final ReplicaId replica;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final long idleTimeoutNanos;
    private boolean open = true;

    ReplicaPool(ReplicaId replica, long idleTimeoutNanos) {
        this.replica = replica;
        this.idleTimeoutNanos = idleTimeoutNanos;
    }

    ReplicaId replica() {
        return replica;
    }

    /** A connection that is believed to be alive; null if there is none. */
    @Nullable
    UpstreamConnection takeIdle(long now, long maxIdleNanos) {
        UpstreamConnection latest = idle.peekLast();
        if (latest == null || now - latest.idleSince > maxIdleNanos || now - latest.keepUntil >= 0) {
            return null;
        }
        return idle.pollLast();
    }

    void putIdle(UpstreamConnection connection, long keepAliveSeconds) {
        if (!open || keepAliveSeconds == 0) {
            connection.discard();
            return;
        }
        long now = System.nanoTime();
        // One second less than the replica said: it must not close while a request is on its way.
        long stated = keepAliveSeconds < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(keepAliveSeconds - 1);
        connection.idleSince = now;
        connection.keepUntil = now + Math.min(idleTimeoutNanos, stated);
        idle.addLast(connection);
    }

    /** Forgets a connection that is about to close; it need not be idle. */
    void remove(UpstreamConnection connection) {
        idle.remove(connection);
    }

    /** Closes what has idled for too long: any of them, as replicas may say how long they keep each. */
    void sweep(long now) {
        idle.stream()
                .filter(connection -> now - connection.keepUntil >= 0)
                .toList()
                .forEach(UpstreamConnection::discard);
    }

    /** Closes every idle connection, and later each leased one as it comes back. */
    void close() {
        open = false;
        while (!idle.isEmpty()) {
            idle.peekFirst().discard();
        }
    }
}
