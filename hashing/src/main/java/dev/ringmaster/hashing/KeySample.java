package dev.ringmaster.hashing;

import java.util.function.LongUnaryOperator;

/**
 * The key hashes over which a {@link Spread} is taken.
 *
 * @param size how many
 * @param keyHash the one at each place from 0 to {@code size - 1}
 */
public record KeySample(long size, LongUnaryOperator keyHash) {

    /** Checks that there is at least one key. */
    public KeySample {
        if (size < 1) {
            throw new IllegalArgumentException("A sample needs at least one key: " + size);
        }
    }

    /** {@code size} pseudo-random hashes, the same ones for the same seed. */
    public static KeySample random(long size, long seed) {
        return new KeySample(size, i -> Mixing.mix(Mixing.seed(seed) + Mixing.spread(i)));
    }

    /** The numbers from {@code first} to {@code last}, such as the request ids of the classic ring. */
    public static KeySample range(long first, long last) {
        return new KeySample(last - first + 1, i -> first + i);
    }

    /**
     * One key hash for each bucket of {@code hash}: the spread over these is exact, not sampled.
     *
     * @throws IllegalArgumentException if the algorithm has no table of equally likely buckets
     */
    public static KeySample everyBucket(ConsistentHash<?> hash) {
        if (!(hash instanceof BucketTable table)) {
            throw new IllegalArgumentException("Not a table of equally likely buckets");
        }
        return new KeySample(table.buckets(), bucket -> table.keyHashOf((int) bucket));
    }
}
