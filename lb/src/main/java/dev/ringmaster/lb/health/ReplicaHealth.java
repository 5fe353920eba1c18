package dev.ringmaster.lb.health;

/**
 * Counts one replica's heartbeats: {@code fall} failures in a row eject it, {@code rise} successes in a row bring it back;
 * a refused connection ejects at once. Pure counting, one thread.
 */
public final class ReplicaHealth {
    /** What a heartbeat changed. */
    public enum Verdict {
        UNCHANGED,
        EJECT,
        RETURN,
        /** It was in doubt and lives. */
        CONFIRMED
    }

    private boolean healthy = true;
    private int failures;
    private int successes;
    private boolean pardoned;
    private boolean doubted;

    /** Counts one heartbeat and says what follows from it. */
    public Verdict count(ProbeResult result, HealthOptions options) {
        if (result == ProbeResult.ALIVE) {
            failures = 0;
            pardoned = false;
            successes++;
            if (!healthy && successes >= options.rise()) {
                healthy = true;
                doubted = false;
                return Verdict.RETURN;
            }
            boolean confirmed = healthy && doubted;
            doubted &= !confirmed;
            return confirmed ? Verdict.CONFIRMED : Verdict.UNCHANGED;
        }
        successes = 0;
        failures++;
        if (healthy && (result == ProbeResult.REFUSED || failures >= options.fall())) {
            healthy = false;
            return Verdict.EJECT;
        }
        return Verdict.UNCHANGED;
    }

    /** Somebody could not connect to it: the next success is one worth telling. */
    public void doubt() {
        doubted = true;
    }

    /** Takes an ejection back that must not be carried out: the next failure asks again. False if it did so before. */
    public boolean pardon() {
        boolean first = !pardoned;
        healthy = true;
        pardoned = true;
        return first;
    }

    /** Somebody else ejected it: successes bring it back. */
    public void eject() {
        healthy = false;
        successes = 0;
    }
}
