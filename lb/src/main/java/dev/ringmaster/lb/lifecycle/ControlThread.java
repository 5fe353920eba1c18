package dev.ringmaster.lb.lifecycle;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which the control plane thinks, its clock, and a way to have blocking work done elsewhere. A seam: a
 * simulation brings its own time.
 */
public interface ControlThread extends AutoCloseable {
    /** Nanoseconds of a clock that only goes forward. */
    long nanos();

    /** Runs {@code task} on the control thread, after those before it; any thread may call. */
    void execute(Runnable task);

    /** Runs {@code task} on the control thread after {@code delay}; running what is returned calls it off. */
    Runnable schedule(Duration delay, Runnable task);

    /** Runs work that may block on a thread of its own. */
    void offload(Runnable work);

    /** Ends the thread; what waits is dropped. */
    @Override
    void close();

    /** The real thread, named {@code lb-control}. */
    static ControlThread start() {
        return new Real();
    }

    /** The machine's clock and a real thread. */
    final class Real implements ControlThread {
        private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);

        private final ScheduledThreadPoolExecutor thread =
                (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(
                        1, Thread.ofPlatform().daemon().name("lb-control").factory());

        private Real() {
            thread.setRemoveOnCancelPolicy(true);
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void execute(Runnable task) {
            try {
                thread.execute(() -> guarded(task));
            } catch (RejectedExecutionException closed) {
                LOG.debug("control thread has ended: a late task is dropped");
            }
        }

        @Override
        public Runnable schedule(Duration delay, Runnable task) {
            try {
                ScheduledFuture<?> timer = thread.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
                return () -> timer.cancel(false);
            } catch (RejectedExecutionException closed) {
                return () -> {};
            }
        }

        private static void guarded(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error bug) {
                LOG.error("control task failed", bug);
            }
        }

        @Override
        public void offload(Runnable work) {
            Thread.ofVirtual().name("lb-provider").start(work);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
