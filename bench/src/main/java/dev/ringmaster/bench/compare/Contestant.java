package dev.ringmaster.bench.compare;

import java.util.List;

/**
 * A proxy that takes part.
 *
 * @param name column of the table
 * @param version one line that the program says of itself
 * @param command starts it in the foreground
 * @param port where it listens
 * @param compiles whether it compiles itself while it runs, as what is on a JVM does
 */
record Contestant(String name, String version, List<String> command, int port, boolean compiles) {}
