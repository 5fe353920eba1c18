package dev.ringmaster.lb.provider;

import org.jspecify.annotations.Nullable;

/** Whatever runs the replicas refused or failed; the message is one line for people. */
public final class ProviderException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What to make of it. */
    public enum Kind {
        /** This start, stop or list failed. */
        FAILED,
        /** Somebody else's replica or container has the name. */
        NAME_TAKEN,
        /** Whatever runs the replicas does not answer, or not sensibly: nothing is known about the replica. */
        UNAVAILABLE
    }

    private final Kind kind;

    public ProviderException(String message) {
        this(Kind.FAILED, message, null);
    }

    public ProviderException(String message, @Nullable Throwable cause) {
        this(Kind.FAILED, message, cause);
    }

    public ProviderException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
