package dev.ringmaster.lb.cli.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/**
 * What a load consists of.
 *
 * @param url what to get, {@code http} only
 * @param address where its host was found
 * @param requests how many to send, positive
 * @param connections how many are in flight at most, positive
 * @param rate requests a second, sent whether answers come or not; 0 sends each as soon as a connection is free
 * @param timeout longest wait for a connection, and from a request's turn to its whole answer
 * @param anyBody whether a 2xx answer is good whatever its body, not only with the classic greeting
 */
public record LoadOptions(
        URI url,
        InetSocketAddress address,
        int requests,
        int connections,
        double rate,
        Duration timeout,
        boolean anyBody) {}
