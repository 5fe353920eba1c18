package dev.ringmaster.lb.health;

/** How one heartbeat went. */
public enum ProbeResult {
    /** Answered as it should. */
    ALIVE,
    /** Answered with another status or with what is no HTTP, or broke off. */
    UNHEALTHY,
    /** Nobody listens there: certain, unlike silence. */
    REFUSED,
    /** No answer in time, which may be the network's or our own fault. */
    SILENT,
    /** Not sent, because something is lacking on our side, such as descriptors or ports: says nothing of the replica. */
    VOID
}
