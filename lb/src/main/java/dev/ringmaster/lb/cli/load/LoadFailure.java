package dev.ringmaster.lb.cli.load;

import java.util.Locale;

/** How a request failed. */
public enum LoadFailure {
    /** No connection was made. */
    CONNECT,
    /** The connection broke before the answer was complete. */
    RESET,
    /** The answer was not complete in time. */
    TIMEOUT,
    /** The connection was closed in order before the answer was complete. */
    CLOSED,
    /** A complete answer with a status of 400 to 499. */
    STATUS_4XX,
    /** A complete answer with a status of 500 to 599. */
    STATUS_5XX,
    /** An answer that is no HTTP, or has a status outside of 200 to 599 or of 300 to 399, or does not greet from a replica. */
    BAD_BODY;

    /** The name in reports, such as {@code status-4xx}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
