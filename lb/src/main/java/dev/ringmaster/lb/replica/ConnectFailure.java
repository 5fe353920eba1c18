package dev.ringmaster.lb.replica;

import java.net.ConnectException;

/** Whose word it is that a connection to a replica could not be opened. */
public enum ConnectFailure {
    /** The peer's: nobody listens there. */
    REFUSED,
    /** The network's: nobody answers. */
    SILENT,
    /** Our own, such as want of descriptors or local ports: says nothing of the replica. */
    OURS;

    /** Reads it from the failure; to run out of local ports is a {@link ConnectException}, too. */
    public static ConnectFailure of(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof ConnectException && message.contains("refused")) {
            return REFUSED;
        }
        boolean silence =
                message.contains("timed out") || message.contains("unreachable") || message.contains("o route to host");
        return silence ? SILENT : OURS;
    }
}
