package dev.ringmaster.lb.lifecycle;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One balancer's control thread in simulated time. Offloaded work runs on real threads, but only one of all runs at any
 * time and each says how long its blocking calls take, so that a seed determines everything.
 */
final class SimulatedControl implements ControlThread {
    /** The balancer was killed here. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private final SimulatedTime time;
    private final Random random;
    private final Semaphore back = new Semaphore(0);
    private final Set<Worker> suspended = new LinkedHashSet<>();
    private @Nullable Worker current;
    private @Nullable Throwable failure;
    private boolean dead;

    SimulatedControl(SimulatedTime time, Random random) {
        this.time = time;
        this.random = random;
    }

    boolean dead() {
        return dead;
    }

    /** Throws what a task threw that must not throw. */
    void check() {
        if (failure != null) {
            throw new AssertionError("a task of the control plane failed", failure);
        }
    }

    /** The process is gone, with all of its threads. */
    void kill() {
        dead = true;
        List.copyOf(suspended).forEach(this::resume);
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public void execute(Runnable task) {
        Duration latency = current == null ? Duration.ZERO : Duration.ofNanos(random.nextInt(5_000_000));
        time.after(latency, () -> guarded(task));
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        return time.after(delay, () -> guarded(task));
    }

    /** Runs a task of this balancer, if it still lives, and keeps what it throws. */
    void guarded(Runnable task) {
        if (dead) {
            return;
        }
        try {
            task.run();
        } catch (Killed killed) {
            kill();
        } catch (RuntimeException | Error bug) {
            failed(bug);
        }
    }

    private void failed(Throwable bug) {
        failure = failure == null ? bug : failure;
    }

    @Override
    public void offload(Runnable work) {
        time.after(Duration.ofNanos(random.nextInt(2_000_000)), () -> {
            if (!dead) {
                resume(new Worker(work));
            }
        });
    }

    private void resume(Worker worker) {
        suspended.remove(worker);
        current = worker;
        worker.turn.release();
        back.acquireUninterruptibly();
        current = null;
    }

    /** How long a blocking call blocks; only on a thread that work was offloaded to. */
    void block(Duration duration) {
        Worker worker = current;
        if (worker == null) {
            throw new IllegalStateException("blocks the control thread");
        }
        suspended.add(worker);
        time.after(duration, () -> {
            if (suspended.contains(worker)) {
                resume(worker);
            }
        });
        back.release();
        worker.turn.acquireUninterruptibly();
        if (dead) {
            throw new Killed();
        }
    }

    @Override
    public void close() {
        kill();
    }

    private final class Worker {
        private final Semaphore turn = new Semaphore(0);

        Worker(Runnable work) {
            Thread.ofVirtual().start(() -> {
                turn.acquireUninterruptibly();
                try {
                    work.run();
                } catch (Killed expected) {
                    // The thread of a process that is gone.
                } catch (RuntimeException | Error bug) {
                    failed(bug);
                } finally {
                    back.release();
                }
            });
        }
    }
}
