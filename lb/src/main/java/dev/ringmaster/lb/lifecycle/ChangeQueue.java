package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.lifecycle.ControlException.Kind;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Changes of the pool, one after another in order of arrival, a bounded number waiting. Control thread only. */
final class ChangeQueue {
    private static final int MOST_WAITING = 16;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    /** Runs {@code change} when it is its turn; the next one's turn comes when {@code result} is complete. */
    void submit(CompletableFuture<ReplicaSet> result, Consumer<CompletableFuture<ReplicaSet>> change) {
        if (busy && waiting.size() >= MOST_WAITING) {
            result.completeExceptionally(
                    new ControlException(Kind.UNAVAILABLE, "Too many changes of the pool are waiting"));
            return;
        }
        waiting.addLast(() -> {
            result.whenComplete((_, _) -> {
                busy = false;
                next();
            });
            change.accept(result);
        });
        if (!busy) {
            next();
        }
    }

    private void next() {
        Runnable change = waiting.pollFirst();
        if (change != null) {
            busy = true;
            change.run();
        }
    }
}
