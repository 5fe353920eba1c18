package dev.ringmaster.hashing;

/** Bijections of 64 bits that spread what is close together. */
final class Mixing {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long INVERSE_GOLDEN = 0xF1DE83E19937733DL;

    private Mixing() {}

    /** One multiplication: every bit reaches the high ones, so tables may be indexed by those. */
    static long spread(long value) {
        return value * GOLDEN;
    }

    /** The value that {@link #spread} turns into {@code spread}. */
    static long unspread(long spread) {
        return spread * INVERSE_GOLDEN;
    }

    /** Every bit reaches every other: the finalizer "Mix13" of David Stafford, as in SplitMix64. */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A seed for what concerns the node of this identity; close identities give unrelated seeds. */
    static long seed(long identity) {
        return mix(identity + GOLDEN);
    }
}
