package dev.ringmaster.lb;

import java.util.concurrent.CompletableFuture;

/** Runs what blocks beside a test. */
final class Async {
    private Async() {}

    /** Something that a test does with sockets. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** On a thread of its own; joining tells its failure. */
    static CompletableFuture<Void> run(Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Exception | AssertionError failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
