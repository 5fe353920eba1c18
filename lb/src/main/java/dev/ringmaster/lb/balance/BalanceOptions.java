package dev.ringmaster.lb.balance;

import java.util.List;

/**
 * How requests are distributed.
 *
 * @param policy name of the policy, a built-in or a custom one
 * @param hash how keys are hashed to slots
 * @param key what is hashed: a fallback chain of key sources such as {@code header:X-User} or {@code client-ip}
 */
public record BalanceOptions(String policy, HashRing hash, List<String> key) {
    public BalanceOptions {
        key = List.copyOf(key);
    }

    /**
     * The table or ring that keys are hashed to.
     *
     * @param algorithm name of the algorithm, see {@code hashing}
     * @param function name of the key hash function
     * @param ringSize positions of the classic ring
     * @param virtualNodes positions that a server takes on the classic ring
     * @param probing {@code linear} or {@code quadratic}, on a clash in the classic ring
     * @param classicIds {@code balanced} or {@code literal} server ids in the classic ring
     */
    public record HashRing(
            String algorithm, String function, int ringSize, int virtualNodes, String probing, String classicIds) {}
}
