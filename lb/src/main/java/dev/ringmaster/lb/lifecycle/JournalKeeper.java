package dev.ringmaster.lb.lifecycle;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the journal follow the pool: writes only what differs from what is on disk, because each write waits for the
 * disk, and tries again later what could not be written. Control thread only.
 */
final class JournalKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(JournalKeeper.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ControlThread control;
    private final Journal journal;
    /** What is on disk; null if that is unknown. */
    private Journal.@Nullable State written;

    private Runnable retry = () -> {};
    private boolean failing;

    JournalKeeper(ControlThread control, Journal journal) {
        this.control = control;
        this.journal = journal;
    }

    /** Whether {@code state} is on disk now; if not, it is tried again until it is or another one is to be. */
    boolean keep(Journal.State state) {
        stop();
        if (state.equals(written)) {
            return true;
        }
        try {
            journal.write(state);
        } catch (IOException failed) {
            if (!failing) {
                LOG.error("journal written=false, a restart may not find the pool as it is: {}", failed.toString());
            }
            failing = true;
            written = null;
            retry = control.schedule(AGAIN, () -> keep(state));
            return false;
        }
        if (failing) {
            LOG.info("journal written=true");
        }
        failing = false;
        written = state;
        return true;
    }

    /** Others may write from now on: what is on disk is not known any more, and nothing is tried again. */
    void forget() {
        stop();
        written = null;
    }

    /** Tries nothing again. */
    void stop() {
        retry.run();
    }
}
