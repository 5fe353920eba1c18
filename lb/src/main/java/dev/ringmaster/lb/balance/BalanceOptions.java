package dev.ringmaster.lb.balance;

import java.time.Duration;
import java.util.List;

/**
 * How requests are distributed.
 *
 * @param policy name of the policy, a built-in or a custom one
 * @param hash how keys are hashed to slots
 * @param key what is hashed: a fallback chain of key sources such as {@code header:X-User} or {@code client-ip}
 * @param tuning numbers of single policies
 */
public record BalanceOptions(String policy, HashRing hash, List<String> key, Tuning tuning) {
    public BalanceOptions {
        key = List.copyOf(key);
    }

    /** With the usual tuning. */
    public BalanceOptions(String policy, HashRing hash, List<String> key) {
        this(policy, hash, key, Tuning.DEFAULTS);
    }

    /**
     * Numbers of single policies.
     *
     * @param balanceFactor with consistent-hash, the most requests in flight of a replica as a multiple of its fair share;
     *     0 for no bound
     * @param choices with power-of-d, how many replicas are drawn
     * @param sticky with sticky, the cookie
     * @param mostInFlight most requests in flight of a replica; one that has them is passed over
     * @param routeHeader whether answers tell by {@code X-Ringmaster-Route} where they come from, and why
     * @param hotKeyShare with consistent-hash, the most requests of a key that a replica gets, as a part of its fair share
     *     of all; 0 for no bound
     * @param slowStart how long it takes a replica that is new to the pool to get its whole share; zero for no time
     */
    public record Tuning(
            double balanceFactor,
            int choices,
            Sticky sticky,
            int mostInFlight,
            boolean routeHeader,
            double hotKeyShare,
            Duration slowStart) {
        public static final Tuning DEFAULTS =
                new Tuning(1.25, 2, new Sticky("ringmaster", "", "consistent-hash"), 10_000, false, 0.6, Duration.ZERO);

        public Tuning {
            if (!(balanceFactor == 0 || balanceFactor > 1)) {
                throw new IllegalArgumentException("balance factor must be above 1, or 0: " + balanceFactor);
            }
        }
    }

    /**
     * How clients stay with their slots.
     *
     * @param cookie name of the cookie
     * @param secret what it is signed with; empty for a random one of each start
     * @param otherwise name of the policy that chooses where a client has no slot, or one that does not serve
     */
    public record Sticky(String cookie, String secret, String otherwise) {
        @Override
        public String toString() {
            return "Sticky[cookie=" + cookie + ", secret=***, otherwise=" + otherwise + "]";
        }
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
            String algorithm, String function, int ringSize, int virtualNodes, String probing, String classicIds) {
        HashRing withAlgorithm(String other) {
            return new HashRing(other, function, ringSize, virtualNodes, probing, classicIds);
        }

        HashRing withFunction(String other) {
            return new HashRing(algorithm, other, ringSize, virtualNodes, probing, classicIds);
        }
    }
}
