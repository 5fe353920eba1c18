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
    /** Our own failure, such as want of descriptors or a stall: says nothing of the replica and is never counted. */
    VOID
}
