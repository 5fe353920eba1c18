package dev.ringmaster.bench.compare;

import java.io.IOException;

/**
 * Something did not come in time. A load generator cannot tell whether that is the contestant's doing or for want of
 * processor, as it can of a wrong status or a connection that breaks.
 */
final class OverdueException extends IOException {
    private static final long serialVersionUID = 1;

    OverdueException(String message) {
        super(message);
    }
}
