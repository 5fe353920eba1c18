package dev.ringmaster.lb;

import dev.ringmaster.lb.handover.HandoverException;
import dev.ringmaster.lb.handover.Offer;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.lifecycle.PoolHandover;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running balancer does when the next one on this host takes over from it. */
final class Handover implements Offer.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    /** Longer than ending a replica by force takes. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(20);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Ownership ownership;
    private final PoolHandover pool;
    private final List<Listener> listeners;
    private final Runnable left;
    private boolean released;
    private boolean stopping;
    private boolean done;

    /** @param left runs when the next one serves and this one accepts no more: it is to be stopped then */
    Handover(Ownership ownership, PoolHandover pool, List<Listener> listeners, Runnable left) {
        this.ownership = ownership;
        this.pool = pool;
        this.listeners = listeners;
        this.left = left;
    }

    static Path socket(LifecycleOptions options) {
        return options.stateDir().resolve(options.pool() + ".handover");
    }

    /** Whether another balancer serves in this one's place. */
    synchronized boolean done() {
        return done;
    }

    /** Whether sockets and replicas are this balancer's to end: if no other one has them, none gets them from here on. */
    synchronized boolean endsAlone() {
        stopping = !done && !released;
        return stopping;
    }

    private synchronized void giveAway() throws HandoverException {
        if (stopping) {
            pool.resume();
            throw new HandoverException("it is stopping");
        }
        released = true;
    }

    @Override
    public List<Integer> listeners() {
        return listeners.stream().map(Listener::descriptor).toList();
    }

    @Override
    public List<String> release() throws HandoverException, InterruptedException {
        try {
            pool.hold(UNDER_WAY).toCompletableFuture().get();
        } catch (ExecutionException busy) {
            Throwable cause = busy.getCause();
            throw new HandoverException(String.valueOf(cause == null ? busy.getMessage() : cause.getMessage()));
        }
        giveAway();
        boolean given = false;
        try {
            List<String> known = ownership.release();
            given = true;
            return known;
        } catch (IOException | ProviderException failed) {
            throw new HandoverException("the pool could not be released: " + failed.getMessage());
        } finally {
            if (!given) {
                reclaim();
            }
        }
    }

    /** The lock of a process that was killed is free at once, but an engine's claim is not for as long as it is away. */
    @Override
    public void reclaim() {
        String reason = "";
        while (true) {
            try {
                ownership.take();
                pool.resume();
                synchronized (this) {
                    released = false;
                }
                LOG.info("handover=undone");
                return;
            } catch (IOException | ProviderException notYet) {
                if (!reason.equals(notYet.getMessage())) {
                    reason = String.valueOf(notYet.getMessage());
                    LOG.warn("handover=undone owner=false reason=\"{}\"", reason);
                }
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void leave() {
        synchronized (this) {
            done = true;
        }
        listeners.forEach(Listener::stopAccepting);
    }

    @Override
    public void end() {
        left.run();
    }
}
