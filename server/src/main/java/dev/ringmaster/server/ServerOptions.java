package dev.ringmaster.server;

import java.time.Duration;

/**
 * What a hello server is told at its start.
 *
 * @param id the name shown in the answer to {@code /home}, brackets included if wanted; not empty
 * @param bind the address or host name to listen on; not empty
 * @param port the port to listen on, 0 for any free one
 * @param delay the wait before an answer to {@code /home}, at most {@link #LONGEST}
 * @param drain the longest wait for requests in flight when the server stops, at most {@link #LONGEST}
 * @param exitOnStdinClose whether the process ends when its standard input does
 */
public record ServerOptions(
        String id, String bind, int port, Duration delay, Duration drain, boolean exitOnStdinClose) {

    /** The upper bound of both durations. */
    public static final Duration LONGEST = Duration.ofHours(1);

    private static final int MAX_PORT = 65_535;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ServerOptions {
        require(!id.isEmpty(), "id must not be empty");
        require(!bind.isEmpty(), "bind must not be empty");
        require(port >= 0 && port <= MAX_PORT, "port must be from 0 to 65535");
        require(!delay.isNegative() && delay.compareTo(LONGEST) <= 0, "delay must be from 0s to 1h");
        require(!drain.isNegative() && drain.compareTo(LONGEST) <= 0, "drain must be from 0s to 1h");
    }

    private static void require(boolean holds, String expectation) {
        if (!holds) {
            throw new IllegalArgumentException(expectation);
        }
    }
}
