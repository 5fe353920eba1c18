package dev.ringmaster.lb;

/** The balancer could not be started; the message is one line for people. */
public final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartupException(String message) {
        super(message);
    }
}
