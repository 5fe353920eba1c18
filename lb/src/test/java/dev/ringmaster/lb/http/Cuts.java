package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** However a message is cut into pieces, what a reader says of it has to be the same. */
final class Cuts {
    private static final int RANDOM_TRIALS = 20;
    /** Longer messages are cut at random places only. */
    private static final int EVERYWHERE = 1000;

    private Cuts() {}

    /** Cuts that depend on nothing but the bytes, so that a fault comes again with them. */
    static int[] of(byte[] message) {
        return Messages.cuts(message.length, new SplittableRandom(Arrays.hashCode(message)));
    }

    static void assertTheSame(byte[] message, int[] cuts, BiFunction<byte[], int[], String> outcome) {
        assertThat(outcome.apply(message, cuts))
                .as("cut at %s", Arrays.toString(cuts))
                .isEqualTo(outcome.apply(message, Messages.whole()));
    }

    static void assertAllTheSame(byte[] message, BiFunction<byte[], int[], String> outcome) {
        String whole = outcome.apply(message, Messages.whole());
        for (int at = 0; at <= message.length && message.length <= EVERYWHERE; at++) {
            assertThat(outcome.apply(message, new int[] {at}))
                    .as("cut at %d", at)
                    .isEqualTo(whole);
        }
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < RANDOM_TRIALS; trial++) {
            int[] cuts = Messages.cuts(message.length, random);
            assertThat(outcome.apply(message, cuts))
                    .as("seed %d trial %d", seed, trial)
                    .isEqualTo(whole);
        }
        if (message.length <= EVERYWHERE) {
            int[] everywhere =
                    java.util.stream.IntStream.range(1, message.length).toArray();
            assertThat(outcome.apply(message, everywhere)).as("byte by byte").isEqualTo(whole);
        }
    }
}
