package dev.ringmaster.bench.compare;

/**
 * What one contestant did in one block.
 *
 * @param cpu CPU time of the proxy for one piece of work, in the scenario's unit
 * @param rate pieces of work a second
 * @param busy share of one processor that the proxy used
 */
record Sample(double cpu, double rate, double busy) {}
