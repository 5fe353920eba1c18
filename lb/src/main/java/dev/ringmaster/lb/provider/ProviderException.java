package dev.ringmaster.lb.provider;

import org.jspecify.annotations.Nullable;

/** Whatever runs the replicas refused or failed; the message is one line for people. */
public final class ProviderException extends Exception {
    private static final long serialVersionUID = 1L;

    public ProviderException(String message) {
        this(message, null);
    }

    public ProviderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
