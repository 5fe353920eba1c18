package dev.ringmaster.lb.lifecycle;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the pool is kept.
 *
 * @param pool name of the pool: one balancer owns it at a time
 * @param replicas how many to start with; the journal's number wins after a restart
 * @param replicaLimit most replicas that may be managed
 * @param spares how many more are kept running outside the ring, to take a dead one's seat at once
 * @param replaceAfter how long an ejected replica may stay silent before it is replaced
 * @param drainTimeout longest wait for requests in flight of a replica that leaves
 * @param stateDir directory of journal and lock
 * @param keepReplicas whether replicas outlive an orderly stop of the balancer
 */
public record LifecycleOptions(
        String pool,
        int replicas,
        int replicaLimit,
        int spares,
        Duration replaceAfter,
        Duration drainTimeout,
        Path stateDir,
        boolean keepReplicas) {}
