package dev.ringmaster.lb.proxy;

import java.time.Duration;

/**
 * How long the proxy waits and what it holds for a retry.
 *
 * @param responseTimeout from the end of the request to the response's head, and between two pieces of its body
 * @param waitForReplica longest wait while every candidate is down and one is coming back
 * @param retryBodyBuffer bytes of a request's body that are held for a replay
 * @param translateNotFound whether a replica's 404 becomes the classic 400
 */
public record ProxyOptions(
        Duration responseTimeout, Duration waitForReplica, int retryBodyBuffer, boolean translateNotFound) {}
