package dev.ringmaster.peers;

import java.util.Arrays;
import java.util.List;

/**
 * Where a proxy stands; all are on 127.0.0.1.
 *
 * @param port where it listens
 * @param workers its event loops or I/O threads
 * @param origins ports that it forwards to, in turns
 */
record Place(int port, int workers, List<Integer> origins) {
    static final String HOST = "127.0.0.1";
    /** Upstream connections to each origin that everybody may keep. */
    static final int CONNECTIONS = 512;

    private static final int FIRST_ORIGIN = 2;

    /** Takes the arguments PORT WORKERS ORIGIN... */
    static Place of(String... arguments) {
        return new Place(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Arrays.stream(arguments)
                        .skip(FIRST_ORIGIN)
                        .map(Integer::valueOf)
                        .toList());
    }
}
