package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.lifecycle.ControlException.Kind;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Changes of the pool, one after another in order of arrival, a bounded number waiting. Control thread only. */
final class ChangeQueue {
    static final int MOST_WAITING = 16;

    private final Executor control;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    ChangeQueue(Executor control) {
        this.control = control;
    }

    /** Runs {@code change} when it is its turn; completes {@code result} as the change says, and only then goes on. */
    void submit(CompletableFuture<ReplicaSet> result, Consumer<CompletableFuture<ReplicaSet>> change) {
        if (busy && waiting.size() >= MOST_WAITING) {
            result.completeExceptionally(
                    new ControlException(Kind.UNAVAILABLE, "Too many changes of the pool are waiting"));
            return;
        }
        waiting.addLast(() -> run(change, result));
        if (!busy) {
            next();
        }
    }

    private void run(Consumer<CompletableFuture<ReplicaSet>> change, CompletableFuture<ReplicaSet> result) {
        // Not the caller's future: whatever becomes of that one, the next turn comes after this change.
        CompletableFuture<ReplicaSet> done = new CompletableFuture<>();
        done.whenComplete((set, failure) -> control.execute(() -> {
            if (failure == null) {
                result.complete(set);
            } else {
                result.completeExceptionally(failure);
            }
            busy = false;
            next();
        }));
        try {
            change.accept(done);
        } catch (RuntimeException | Error bug) {
            done.completeExceptionally(new ControlException(Kind.UNAVAILABLE, "The change of the pool failed"));
            throw bug;
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
