package dev.ringmaster.it.laboratory;

/** Watches how long at a stretch this machine had no time for us: by how much a short sleep took too long. */
final class Standstill implements AutoCloseable {
    private static final long SLEEP_MILLIS = 10;

    private final Thread watch = Thread.ofPlatform().daemon().start(this::watch);
    private volatile long longest;

    private void watch() {
        try {
            while (true) {
                long start = System.nanoTime();
                Thread.sleep(SLEEP_MILLIS);
                longest = Math.max(longest, System.nanoTime() - start - SLEEP_MILLIS * 1_000_000);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** In nanoseconds. */
    long longest() {
        return longest;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
