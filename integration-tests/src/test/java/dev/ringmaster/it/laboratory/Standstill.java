package dev.ringmaster.it.laboratory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Watches when this machine had no time for us, and how long: by how much a short sleep took too long. */
final class Standstill implements AutoCloseable {
    private static final long SLEEP_MILLIS = 10;
    /** Shorter ones are lost in every margin. */
    private static final long LEAST_NANOS = 50_000_000;

    private final List<Stall> stalls = new CopyOnWriteArrayList<>();
    private final Thread watch = Thread.ofPlatform().daemon().start(this::watch);

    private record Stall(long from, long to) {
        long nanos() {
            return to - from;
        }
    }

    private void watch() {
        try {
            while (true) {
                long due = System.nanoTime() + SLEEP_MILLIS * 1_000_000;
                Thread.sleep(SLEEP_MILLIS);
                Stall stall = new Stall(due, System.nanoTime());
                if (stall.nanos() > LEAST_NANOS) {
                    stalls.add(stall);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end of a time, later by what of it the machine stood still. */
    long extend(long from, long to) {
        long end = to;
        for (Stall stall : stalls) {
            if (stall.from <= end && stall.to >= from) {
                end += stall.nanos();
            }
        }
        return end;
    }

    /** In nanoseconds; 0 if there was none worth telling. */
    long longest() {
        return stalls.stream().mapToLong(Stall::nanos).max().orElse(0);
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
