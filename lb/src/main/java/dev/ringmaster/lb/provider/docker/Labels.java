package dev.ringmaster.lb.provider.docker;

/** Labels by which the balancer knows its containers again. They prove ownership; the journal says what they are for. */
final class Labels {
    /** Name of the pool, on replicas. */
    static final String POOL = "dev.ringmaster.pool";
    /** The replica's identity, on replicas. */
    static final String OPERATION = "dev.ringmaster.operation";
    /** Slot that a replica was started for. */
    static final String SLOT = "dev.ringmaster.slot";
    /** Hash of everything that the container was made of. */
    static final String TEMPLATE = "dev.ringmaster.template";
    /** Name of the pool, on the container that stands for its owner. */
    static final String OWNED = "dev.ringmaster.owned-pool";
    /** Which balancer owns the pool. */
    static final String OWNER = "dev.ringmaster.owner";

    private Labels() {}
}
