package dev.ringmaster.lb;

import java.io.Serial;

/** The balancer could not be started; the message is one line for people. */
public final class StartupException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public StartupException(String message) {
        super(message);
    }
}
