package dev.ringmaster.hashing;

/**
 * What the algorithms can be told; each reads only its own part.
 *
 * @param ringSize positions of the classic ring
 * @param virtualNodes positions that a server takes on the classic ring
 * @param probing what the classic ring does on a clash
 * @param classicIds which server ids the classic ring gives
 * @param ketamaVirtualNodes points that a node of weight 1 has on the ketama ring
 * @param maglevTableSize entries of the Maglev table, a prime
 * @param buckets entries of the capped rendezvous table, a power of two; changing it moves most keys
 * @param epsilon how much more than its fair share of buckets a node may have in capped rendezvous, rounded up
 *     to a whole bucket: 0.01 is 1 %
 */
public record HashOptions(
        int ringSize,
        int virtualNodes,
        Probing probing,
        ClassicIds classicIds,
        int ketamaVirtualNodes,
        int maglevTableSize,
        int buckets,
        double epsilon) {
    private static final HashOptions DEFAULTS =
            new HashOptions(512, 9, Probing.LINEAR, ClassicIds.BALANCED, 160, 65_537, 1 << 18, 0.01);

    /** Checks every value; an {@link IllegalArgumentException} names the first that is out of range. */
    public HashOptions {
        requireRange("ringSize", ringSize, 1, 1 << 12);
        requireRange("virtualNodes", virtualNodes, 1, ringSize);
        requireRange("ketamaVirtualNodes", ketamaVirtualNodes, 1, 10_000);
        requireRange("maglevTableSize", maglevTableSize, 2, 1 << 24);
        requireRange("buckets", buckets, 1 << 8, 1 << 22);
        if (!isPrime(maglevTableSize)) {
            throw new IllegalArgumentException("maglevTableSize must be a prime: " + maglevTableSize);
        }
        if (Integer.bitCount(buckets) != 1) {
            throw new IllegalArgumentException("buckets must be a power of two: " + buckets);
        }
        if (!(epsilon >= 0.0001 && epsilon <= 1)) {
            throw new IllegalArgumentException("epsilon must be between 0.0001 and 1: " + epsilon);
        }
    }

    /** 512 positions, 9 virtual nodes, linear, balanced, 160 ketama points, 65,537 entries, 2^18 buckets, 1 %. */
    public static HashOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another size of the classic ring and number of positions a server. */
    public HashOptions withRing(int newRingSize, int newVirtualNodes) {
        return new HashOptions(
                newRingSize,
                newVirtualNodes,
                probing,
                classicIds,
                ketamaVirtualNodes,
                maglevTableSize,
                buckets,
                epsilon);
    }

    /** These options with another probing of the classic ring. */
    public HashOptions withProbing(Probing value) {
        return new HashOptions(
                ringSize, virtualNodes, value, classicIds, ketamaVirtualNodes, maglevTableSize, buckets, epsilon);
    }

    /** These options with other server ids on the classic ring. */
    public HashOptions withClassicIds(ClassicIds value) {
        return new HashOptions(
                ringSize, virtualNodes, probing, value, ketamaVirtualNodes, maglevTableSize, buckets, epsilon);
    }

    /** These options with another number of ketama points for a weight of 1. */
    public HashOptions withKetamaVirtualNodes(int value) {
        return new HashOptions(ringSize, virtualNodes, probing, classicIds, value, maglevTableSize, buckets, epsilon);
    }

    /** These options with another size of the Maglev table. */
    public HashOptions withMaglevTableSize(int value) {
        return new HashOptions(
                ringSize, virtualNodes, probing, classicIds, ketamaVirtualNodes, value, buckets, epsilon);
    }

    /** These options with another number of buckets. */
    public HashOptions withBuckets(int value) {
        return new HashOptions(
                ringSize, virtualNodes, probing, classicIds, ketamaVirtualNodes, maglevTableSize, value, epsilon);
    }

    /** These options with another excess of buckets a node. */
    public HashOptions withEpsilon(double value) {
        return new HashOptions(
                ringSize, virtualNodes, probing, classicIds, ketamaVirtualNodes, maglevTableSize, buckets, value);
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be between " + least + " and " + most + ": " + value);
        }
    }

    private static boolean isPrime(int value) {
        for (int divisor = 2; (long) divisor * divisor <= value; divisor++) {
            if (value % divisor == 0) {
                return false;
            }
        }
        return true;
    }
}
