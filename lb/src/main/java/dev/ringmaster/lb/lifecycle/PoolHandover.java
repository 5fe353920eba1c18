package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ProviderException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps a pool as it is while it passes from one balancer to the next: both publish what heartbeats tell, neither starts,
 * stops or writes down anything, until {@link #resume} makes one of them the pool's keeper.
 */
public final class PoolHandover {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final ControlThread control;
    private final ReplicaSupervisor supervisor;

    public PoolHandover(ControlThread control, ReplicaSupervisor supervisor) {
        this.control = control;
        this.supervisor = supervisor;
    }

    /** For the one that takes over, before {@link ReplicaSupervisor#start}. */
    public void holdFromTheStart() {
        control.execute(() -> supervisor.held(true));
    }

    /**
     * For the one that gives up: ends what is under way and begins nothing more.
     *
     * @param most how long to wait for what is under way; later than that, nothing is held
     * @return completes when all of the pool stands in the journal, or fails with one clear line
     */
    public CompletionStage<Void> hold(Duration most) {
        CompletableFuture<Void> still = new CompletableFuture<>();
        control.execute(() -> {
            supervisor.held(true);
            awaitStill(still, control.nanos() + most.toNanos());
        });
        return still.minimalCompletionStage();
    }

    private void awaitStill(CompletableFuture<Void> still, long deadline) {
        if (!supervisor.serves()) {
            fail(still, "the balancer is starting or stopping");
        } else if (supervisor.still()) {
            if (supervisor.pool().leaveToAnother()) {
                still.complete(null);
            } else {
                fail(still, "the journal could not be written");
            }
        } else if (control.nanos() - deadline >= 0) {
            fail(still, "replicas are being started or stopped");
        } else {
            control.schedule(LOOK, () -> awaitStill(still, deadline));
        }
    }

    private void fail(CompletableFuture<Void> still, String reason) {
        supervisor.held(false);
        still.completeExceptionally(new ProviderException(reason));
    }

    /** Does all that was put off; any thread. */
    public void resume() {
        control.execute(() -> supervisor.held(false));
    }
}
