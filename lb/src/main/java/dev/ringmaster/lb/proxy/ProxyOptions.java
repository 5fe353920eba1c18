package dev.ringmaster.lb.proxy;

import java.time.Duration;

/**
 * How long the proxy waits and what it holds for a retry.
 *
 * @param responseTimeout from the end of the request to the response's head, and between two pieces of its body
 * @param waitForReplica longest wait while every candidate is down and one is coming back
 * @param retry what is done about attempts that failed or take long
 * @param pending what waits while every replica is at its limit
 * @param translateNotFound whether a replica's 404 becomes the classic 400
 */
public record ProxyOptions(
        Duration responseTimeout, Duration waitForReplica, Retry retry, Pending pending, boolean translateNotFound) {
    /**
     * What is done about attempts that failed or take long.
     *
     * @param bodyBuffer bytes of a request's body that are held for a replay
     * @param tryTimeout longest wait of one attempt for the response's head, if the request may be sent again and another
     *     replica can take it; 0 for no bound of its own
     * @param hedge whether a second replica gets a request whose answer takes longer than 95 % of the answers
     */
    public record Retry(int bodyBuffer, Duration tryTimeout, boolean hedge) {}

    /**
     * What waits while every replica is at its limit.
     *
     * @param most how many requests an event loop lets wait
     * @param longest how long
     */
    public record Pending(int most, Duration longest) {}
}
