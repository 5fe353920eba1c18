package dev.ringmaster.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Watches how much memory a balancer holds, until closed. */
public final class Memory implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final Balancer balancer;
    private final long before;
    private long peak;

    public Memory(Balancer balancer) throws IOException {
        this.balancer = balancer;
        this.before = balancer.memory();
        watch.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Bytes at the start. */
    public long before() {
        return before;
    }

    /** The most that has come to it since. */
    public synchronized long growth() {
        look();
        return peak - before;
    }

    private synchronized void look() {
        try {
            peak = Math.max(peak, balancer.memory());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
