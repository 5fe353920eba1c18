package dev.ringmaster.lb.http;

import org.jspecify.annotations.Nullable;

/**
 * What a request's head says about the way it came.
 *
 * @param peer who sent it to us
 * @param trusted whether the peer's word about who sent it before counts
 * @param scheme {@code http} or {@code https}, as the peer spoke it
 * @param replicaAuthority host and port of the replica, for a request of HTTP/1.0 that names no host
 * @param via our pseudonym in Via
 * @param requestId value of X-Request-Id unless a trusted peer gave one
 * @param keyHeader lower-case name of the field that the hash key is taken from, if any: Connection cannot remove it
 */
public record RequestHop(
        Peer peer,
        boolean trusted,
        String scheme,
        String replicaAuthority,
        String via,
        String requestId,
        @Nullable String keyHeader) {}
