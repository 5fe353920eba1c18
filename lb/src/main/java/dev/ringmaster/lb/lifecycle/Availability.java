package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaProvider;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether whatever runs the replicas answers. Said once when it ceases to, by its provider's word or by a call that
 * failed so, and once when a call has come through again. Control thread only.
 */
final class Availability {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final ControlThread control;
    private final ReplicaProvider provider;
    private final Runnable lost;
    private Runnable timer = () -> {};
    private boolean known = true;
    /** Whether a call has failed for it, so that only a call can tell when it is over. */
    private boolean callFailed;

    /** Runs {@code lost} when the provider says that nothing answers it any more. */
    Availability(ControlThread control, ReplicaProvider provider, Runnable lost) {
        this.control = control;
        this.provider = provider;
        this.lost = lost;
    }

    /** Looks from time to time, from now on. */
    void watch() {
        if (provider.available()) {
            is(!callFailed, "");
        } else {
            is(false, "it does not answer");
            lost.run();
        }
        timer = control.schedule(LOOK, this::watch);
    }

    /** Whether a call has any prospect at this moment. */
    boolean now() {
        return provider.available();
    }

    /** A call came through, whatever it said. */
    void answered() {
        callFailed = false;
        is(provider.available(), "it does not answer");
    }

    /** A call failed because nothing answered. */
    void unanswered(String reason) {
        callFailed = true;
        is(false, reason);
    }

    void stop() {
        timer.run();
    }

    private void is(boolean available, String reason) {
        if (known && !available) {
            LOG.warn("provider=unavailable reason=\"{}\": replicas are neither started nor stopped", reason);
        } else if (!known && available) {
            LOG.info("provider=available");
        }
        known = available;
    }
}
