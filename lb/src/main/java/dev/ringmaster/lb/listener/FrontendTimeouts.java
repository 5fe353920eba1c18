package dev.ringmaster.lb.listener;

import java.time.Duration;

/**
 * How long a client may keep a connection waiting.
 *
 * @param head from the first byte of a request to the end of its head
 * @param body between two pieces of a request's body
 * @param idle between two requests, and without taking any of what was written
 * @param linger for what a client still sends while its last answer is on its way
 */
public record FrontendTimeouts(Duration head, Duration body, Duration idle, Duration linger) {
    public static final FrontendTimeouts STANDARD = new FrontendTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(75), Duration.ofSeconds(1));
}
