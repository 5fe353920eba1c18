package dev.ringmaster.lb.handover;

import java.time.Duration;

/**
 * What the two balancers say to each other, each line an answer to the one before it, so that the one that receives
 * descriptors always knows whether descriptors or text come next.
 *
 * <pre>
 *   new                          old
 *   ringmaster-handover 1  ──>
 *                          <──  ready                   it is of the same version, and the only one that asks
 *   listeners              ──>
 *                          <──  (descriptors)           main port, second port; the old one serves on
 *   release                ──>
 *                          <──  released N, N lines     the pool is free, its replicas are the provider's lines
 *   serving                ──>                          the new one has adopted and probed: from here on it goes on alone
 *                          <──  leaving                 accepts no more, drains and ends
 * </pre>
 *
 * The old one may answer {@code no REASON} instead, and takes the pool back if it had given it up; so it does when the
 * new one hangs up or is silent for too long. An end without a word is its death.
 */
final class Protocol {
    static final String HELLO = "ringmaster-handover 1";
    static final String READY = "ready";
    static final String LISTENERS = "listeners";
    static final String RELEASE = "release";
    static final String RELEASED = "released ";
    static final String SERVING = "serving";
    static final String LEAVING = "leaving";
    static final String NO = "no ";

    /** For an answer that needs no work. */
    static final Duration PROMPT = Duration.ofSeconds(5);
    /** For the new one to build itself and to probe the replicas, and for the old one to bring its work to an end. */
    static final Duration PATIENT = Duration.ofSeconds(90);

    private Protocol() {}
}
