package dev.ringmaster.lb.upstream;

import java.time.Duration;

/**
 * How replicas are connected to.
 *
 * @param connectTimeout longest wait for a connection
 * @param idleTimeout how long an unused connection is kept
 */
public record UpstreamOptions(Duration connectTimeout, Duration idleTimeout) {}
