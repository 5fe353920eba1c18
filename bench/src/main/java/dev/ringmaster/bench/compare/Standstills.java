package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * When a processor stood still for whatever runs on it: taken away by a hypervisor, mostly, for one to ten milliseconds,
 * which the kernel's own count in ticks is too coarse for.
 *
 * <p>A thread to each processor wakes every half a millisecond with a real-time priority, so that no contestant delays
 * it, and notes when it woke late. It does so before anything else runs there again: an answer that was held up by a
 * standstill comes after the note of it. A stop of this process's own Java counts, too, as its load generator stood
 * still with it.
 */
final class Standstills {
    private static final long PERIOD = 500_000;
    /** So late a thread wakes by chance. */
    private static final long CHANCE = 150_000;
    /** What was due meanwhile is worked off beside what comes: for so many times as long as it stood, at 60 % load. */
    static final int RECOVERY = 2;

    private final AtomicLong recovered;

    /** There was none until {@code begin}, a reading of the nanosecond clock. */
    Standstills(long begin) {
        this.recovered = new AtomicLong(begin);
    }

    /** Watches processors from 0 on while this process lives. Throws {@link IOException} without leave for priorities. */
    static Standstills watch(long processors) throws IOException, InterruptedException {
        Standstills standstills = new Standstills(System.nanoTime());
        for (long processor = 0; processor < processors; processor++) {
            String number = "" + processor;
            FutureTask<Void> ready = new FutureTask<>(() -> {
                takePriority(number);
                return null;
            });
            Thread.ofPlatform().daemon().start(() -> {
                ready.run();
                standstills.keepWatch();
            });
            try {
                ready.get();
            } catch (ExecutionException refused) {
                throw new IOException("only a real-time priority tells standstills from delays", refused.getCause());
            }
        }
        return standstills;
    }

    private static void takePriority(String processor) throws IOException, InterruptedException {
        String thread = Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString();
        Contestants.output("taskset", "-cp", processor, thread);
        String failure = Contestants.output("chrt", "--fifo", "-p", "1", thread);
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
    }

    private void keepWatch() {
        long last = System.nanoTime();
        while (true) {
            long due = System.nanoTime() + PERIOD;
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            long now = System.nanoTime();
            if (now - due > CHANCE) {
                note(last, now);
            }
            last = now;
        }
    }

    /** A processor stood still between these readings of the nanosecond clock. */
    void note(long from, long to) {
        long until = to + RECOVERY * (to - from);
        recovered.accumulateAndGet(until, (one, other) -> one - other > 0 ? one : other);
    }

    /** Whether a request that was due then, and has its answer now, met no standstill. */
    boolean spared(long due) {
        return due - recovered.get() > 0;
    }
}
