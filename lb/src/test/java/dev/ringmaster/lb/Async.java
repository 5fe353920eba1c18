package dev.ringmaster.lb;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Runs what blocks beside a test. */
final class Async {
    private Async() {}

    /** Something that a test does with sockets. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** Lets time pass, for peers that are slow. */
    static void pause(Duration time) {
        await().pollInterval(time).pollDelay(time).until(() -> true);
    }

    /** On a thread of its own; joining tells its failure. */
    static CompletableFuture<Void> run(Task task) {
        return get(() -> {
            task.run();
            return null;
        });
    }

    /** The same with a result. */
    static <T> CompletableFuture<T> get(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(task.call());
            } catch (Exception | AssertionError failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
