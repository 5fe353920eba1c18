package dev.ringmaster.it.fault;

import dev.ringmaster.it.harness.Client;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Clients that send GET requests at a steady pace over connections of their own, and remember what came of each. */
final class SteadyClients implements AutoCloseable {
    private static final long PAUSE_NANOS = 32_000_000;

    private final int port;
    private final Collection<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * One request.
     *
     * @param sent when it was, in nanoseconds, on the clock of {@link System#nanoTime}
     * @param status of its answer; 0 if there was none
     */
    record Outcome(long sent, int status) {
        boolean failed() {
            return status != 200;
        }
    }

    /** Each of {@code count} clients sends some 30 requests a second, fewer if answers take longer. */
    SteadyClients(int port, int count) {
        this.port = port;
        for (int i = 0; i < count; i++) {
            long offset = PAUSE_NANOS * i / count;
            running.add(CompletableFuture.runAsync(() -> run(System.nanoTime() + offset), Thread::startVirtualThread));
        }
    }

    private void run(long first) {
        long due = first;
        while (!stopped) {
            try (Client client = new Client(port)) {
                while (!stopped) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    due = Math.max(due + PAUSE_NANOS, System.nanoTime());
                    ask(client);
                }
            } catch (IOException broken) {
                // That is counted already: the next connection.
            }
        }
    }

    private void ask(Client client) throws IOException {
        long sent = System.nanoTime();
        int status = 0;
        try {
            status = client.get("/").answer().status();
        } finally {
            outcomes.add(new Outcome(sent, status));
        }
    }

    /** Requests so far that are over. */
    int count() {
        return outcomes.size();
    }

    /** Requests sent from that moment on that failed; when they were sent counts from there. */
    List<Outcome> failedSince(long nanos) {
        return outcomes.stream()
                .filter(outcome -> outcome.sent() - nanos >= 0 && outcome.failed())
                .map(outcome -> new Outcome(outcome.sent() - nanos, outcome.status()))
                .toList();
    }

    /** Sends no more, and returns once the last answer is here. */
    @Override
    public void close() {
        stopped = true;
        running.forEach(CompletableFuture::join);
    }
}
