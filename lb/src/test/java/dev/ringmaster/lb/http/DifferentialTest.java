package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Our readers and writers in {@link Agreement} with Netty's decoders over random messages. */
final class DifferentialTest {
    private static final int TRIALS = Integer.getInteger("ringmaster.trials", 6_000);
    private static final int ENOUGH = TRIALS / 10;

    @Test
    void requests_randomAndSpoiled_areReadAsNettyDoes(TestReporter reporter) {
        long seed = seed(reporter);
        int accepted = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(seed + trial);
            String message = new RandomMessages(random).requests();
            int[] cuts = Messages.cuts(message.length(), random);
            accepted += Agreement.onRequests(message, cuts, "seed " + (seed + trial)) ? 1 : 0;
        }
        assertThat(accepted).isBetween(ENOUGH, TRIALS - ENOUGH);
    }

    @Test
    void requests_writtenForTheNextHop_areTheSameRequestsToBothParsers(TestReporter reporter) {
        long seed = seed(reporter);
        int written = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String message = new RandomMessages(new SplittableRandom(seed + trial)).requests();
            written += Agreement.onForwarded(message, "seed " + (seed + trial));
        }
        assertThat(written).isGreaterThan(ENOUGH);
    }

    @Test
    void responses_randomAndSpoiled_areReadAsNettyDoes(TestReporter reporter) {
        long seed = seed(reporter);
        int accepted = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(seed + trial);
            boolean toHead = random.nextInt(4) == 0;
            String message = new RandomMessages(random).responses();
            int[] cuts = Messages.cuts(message.length(), random);
            accepted += Agreement.onResponses(message, cuts, toHead, "seed " + (seed + trial)) ? 1 : 0;
        }
        assertThat(accepted).isBetween(ENOUGH, TRIALS - ENOUGH);
    }

    @Test
    void readers_randomBytes_throwNothingButMalformedMessage(TestReporter reporter) {
        long seed = seed(reporter);
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(seed + trial);
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);

            String trialName = "seed " + (seed + trial);
            ReadRequests requests = ReadRequests.of(bytes, Messages.cuts(bytes.length, random));
            assertThat(requests.requests).as(trialName).isEmpty();
            ReadResponses responses = ReadResponses.of(bytes, Messages.cuts(bytes.length, random), false);
            assertThat(responses.fault).as(trialName).isNotNull();
        }
    }

    private static long seed(TestReporter reporter) {
        long seed = System.nanoTime();
        reporter.publishEntry("seed", "" + seed);
        return seed;
    }
}
