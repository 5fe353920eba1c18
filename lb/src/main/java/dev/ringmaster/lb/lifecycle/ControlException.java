package dev.ringmaster.lb.lifecycle;

/** Why a change of the pool was refused or failed. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Kind {
        /** The call asks for what the pool cannot do: the caller must change it. */
        REFUSED,
        /** The replicas could not be started; nothing was changed. */
        SPAWN_FAILED,
        /** Too many changes wait, or whatever runs the replicas does not answer: try again later. */
        UNAVAILABLE
    }

    private final Kind kind;

    public ControlException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
