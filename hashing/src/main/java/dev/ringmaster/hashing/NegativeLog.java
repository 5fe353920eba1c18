package dev.ringmaster.hashing;

/**
 * The negative binary logarithm, in units of 2^-40, of a score as a fraction of the way from the least long to the
 * greatest.
 *
 * <p>Chords between 1,025 points of the logarithm: fixed-point, hence the same on every machine; never rising with the
 * score; never 0; off by less than 2e-7, which moves no share that could be measured.
 */
final class NegativeLog {
    private static final int UNIT_BITS = 40;
    private static final int INDEX_BITS = 10;
    private static final int INTERVALS = 1 << INDEX_BITS;
    private static final int INDEX_SHIFT = 63 - INDEX_BITS;
    private static final int FRACTION_BITS = 32;
    private static final int FRACTION_SHIFT = INDEX_SHIFT - FRACTION_BITS;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;

    /** Binary logarithms of 1 + i / 1024. */
    private static final long[] LOGARITHMS = new long[INTERVALS + 1];

    static {
        for (int i = 0; i <= INTERVALS; i++) {
            double logarithm = StrictMath.log1p((double) i / INTERVALS) / StrictMath.log(2);
            LOGARITHMS[i] = Math.round(logarithm * (1L << UNIT_BITS));
        }
    }

    private NegativeLog() {}

    /** At least 1, at most 64 units of 2^40. */
    static long of(long score) {
        // Unsigned, and odd so that it is never 0.
        long middle = (score ^ Long.MIN_VALUE) | 1;
        int exponent = Long.numberOfLeadingZeros(middle);
        long mantissa = middle << exponent;
        int index = (int) (mantissa >>> INDEX_SHIFT) & (INTERVALS - 1);
        long fraction = (mantissa >>> FRACTION_SHIFT) & FRACTION_MASK;
        long step = LOGARITHMS[index + 1] - LOGARITHMS[index];
        long logarithm = LOGARITHMS[index] + ((step * fraction) >>> FRACTION_BITS);
        return ((exponent + 1L) << UNIT_BITS) - logarithm;
    }
}
