package dev.ringmaster.lb.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks every event loop, on that loop, for the keys that it has counted. */
final class HotKeyWatch {
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

    private record Loop(Executor executor, Supplier<KeySketch.Window> counter) {}

    /** From now on this loop is asked too: {@code counter} runs on it. */
    void join(Executor loop, Supplier<KeySketch.Window> counter) {
        loops.add(new Loop(loop, counter));
    }

    /** Gives what all loops have counted to {@code then}, on {@code control}; does nothing while one has yet to answer. */
    synchronized void ask(Executor control, Consumer<List<KeySketch.Window>> then) {
        if (!asked.isDone()) {
            return;
        }
        List<CompletableFuture<KeySketch.Window>> parts = new ArrayList<>();
        try {
            for (Loop loop : loops) {
                parts.add(CompletableFuture.supplyAsync(loop.counter(), loop.executor()));
            }
        } catch (RejectedExecutionException stopped) {
            return;
        }
        asked = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenRunAsync(
                        () -> then.accept(
                                parts.stream().map(CompletableFuture::join).toList()),
                        control);
    }
}
