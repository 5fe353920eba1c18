package dev.ringmaster.lb.handover;

/** A hand-over that does not come about, with one clear line; the balancer that was to leave serves on. */
public final class HandoverException extends Exception {
    private static final long serialVersionUID = 1;

    public HandoverException(String message) {
        super(message);
    }
}
