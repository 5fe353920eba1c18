package dev.ringmaster.lb.health;

import java.time.Duration;

/**
 * How heartbeats are sent and counted, and what requests tell beside them.
 *
 * @param path request path; of managed replicas 200 counts as alive, of others any status below 500
 * @param interval between two heartbeats of one replica, jittered
 * @param timeout until a heartbeat without an answer counts as failed
 * @param fall failures in a row until a replica is ejected
 * @param rise successes in a row until it is back
 * @param outliers when one that answers heartbeats is ejected all the same
 */
public record HealthOptions(
        String path, Duration interval, Duration timeout, int fall, int rise, OutlierOptions outliers) {}
