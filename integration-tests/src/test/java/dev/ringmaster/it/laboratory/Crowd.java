package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Mix.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask until the time or the ledger is over. */
final class Crowd implements AutoCloseable {
    /** How far a client may be behind and still catch up. */
    private static final long BEHIND_NANOS = 1_000_000_000;

    /** @param rate requests a second of all clients together, about; 0 for as many as there can be */
    record Plan(long seed, int clients, int rate, Duration time, int requests, Mix.Shape shape) {}

    private final Plan plan;
    private final int port;
    private final AtomicInteger ids;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final long until;
    private final int lastId;
    private volatile boolean over;

    /** @param ids next id that nobody has used */
    Crowd(Plan plan, int port, AtomicInteger ids) {
        this.plan = plan;
        this.port = port;
        this.ids = ids;
        this.lastId = (int) Math.min(Integer.MAX_VALUE, (long) ids.get() + plan.requests);
        this.until = System.nanoTime() + plan.time.toNanos();
        for (int i = 0; i < plan.clients; i++) {
            Mix mix = new Mix(plan.seed + i, plan.shape);
            running.add(threads.submit(() -> {
                visit(mix);
                return null;
            }));
        }
    }

    private void visit(Mix mix) throws IOException, InterruptedException {
        long mean = plan.rate == 0 ? 0 : 1_000_000_000L * plan.clients / plan.rate;
        long due = System.nanoTime();
        try (Visitor visitor = new Visitor(port)) {
            while (!over && System.nanoTime() - until < 0) {
                int id = ids.getAndIncrement();
                if (id >= lastId) {
                    return;
                }
                Request request = mix.next(id);
                calls.add(visitor.call(request));
                if (!mix.stays()) {
                    visitor.hangUp();
                }
                due = Math.max(due + mix.around(mean), System.nanoTime() - BEHIND_NANOS);
                pause(due - System.nanoTime());
            }
        }
    }

    private static void pause(long nanos) throws InterruptedException {
        if (nanos > 0) {
            Thread.sleep(Duration.ofNanos(nanos));
        }
    }

    /** Calls so far. */
    Queue<Call> calls() {
        return calls;
    }

    /** Waits for the end of all. */
    void await() throws InterruptedException, ExecutionException {
        for (Future<?> client : running) {
            client.get();
        }
    }

    /** Lets every client finish what it has begun. */
    void end() throws InterruptedException, ExecutionException {
        over = true;
        await();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
