package dev.ringmaster.lb.health;

import dev.ringmaster.lb.replica.OutcomeCounts;
import java.util.List;

/**
 * When one replica is worse than the others beyond doubt. Each rule compares it with the rest of the pool, never with a
 * mean that it is part of: of n values none can lie more than (n - 1)/√n standard deviations from their mean, which is
 * 1.15 of three and 1.79 of five, so that a rule by deviations is blind in a small pool. Pure functions.
 */
final class OutlierRules {
    /** Standard errors that a difference must exceed, on either side: chance alone is once in some 10^5 comparisons. */
    private static final double DOUBT = 3;
    /** Share of failures by which it must be worse: less is not worth a replica. */
    private static final double LEAST_GAP = 0.1;
    /** Nobody misses less. */
    private static final long LEAST_DELAY_NANOS = 5_000_000;
    /** A row of failures that comes about by chance is no sign. */
    private static final double CHANCE = 1e-6;

    private OutlierRules() {}

    /** How many failures in a row are a sign, where so many of the others' requests fail. */
    static int rowNeeded(int configured, OutcomeCounts others) {
        double usual = others.judged() == 0 ? 0 : (double) others.failed() / others.judged();
        // Nothing where none fails, without end where all do.
        double byChance = Math.ceil(Math.abs(Math.log(CHANCE) / Math.log(usual)));
        return (int) Math.min(Integer.MAX_VALUE, Math.max(configured, byChance));
    }

    /** Whether it fails enough to be worse than anybody: if not, nobody need be asked. */
    static boolean mayFailMore(OutcomeCounts own) {
        return failures(own, -DOUBT) > LEAST_GAP;
    }

    /** Whether more of its requests fail than of the others': by 10 points, whatever luck both had. */
    static boolean failsMore(OutcomeCounts own, OutcomeCounts others) {
        return others.judged() > 0 && failures(own, -DOUBT) > failures(others, DOUBT) + LEAST_GAP;
    }

    /** One end of the interval in which the true share of failures lies (Wilson 1927). */
    private static double failures(OutcomeCounts counts, double z) {
        double n = counts.judged();
        if (n == 0) {
            return 0;
        }
        double share = counts.failed() / n;
        double middle = share + z * z / (2 * n);
        double reach = z * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        return (middle + reach) / (1 + z * z / n);
    }

    /** Whether it is late enough to be worse than anybody: if not, nobody need be asked. */
    static boolean mayBeSlower(OutcomeCounts own) {
        return median(own, -DOUBT) > LEAST_DELAY_NANOS;
    }

    /** Whether its median is so many times later than that of most others, whatever luck both had. */
    static boolean isSlower(OutcomeCounts own, List<OutcomeCounts> others, double factor) {
        long least = median(own, -DOUBT);
        long usual = usual(others);
        return least > 0 && usual > 0 && least > factor * usual && least - usual > LEAST_DELAY_NANOS;
    }

    /** What the answers of most others take at most, by their medians; 0 if that is not known. */
    static long usual(List<OutcomeCounts> others) {
        long[] medians = others.stream()
                .mapToLong(counts -> median(counts, DOUBT))
                .filter(median -> median > 0)
                .sorted()
                .toArray();
        // Of two the slower, so that it takes more than half of the pool to say what is usual.
        return medians.length == 0 ? 0 : medians[medians.length / 2];
    }

    /** One end of the interval in which the true median lies; 0 if the answers are too few to tell. */
    private static long median(OutcomeCounts counts, double z) {
        double n = counts.answers();
        long rank = (long) Math.ceil(n / 2 + z * Math.sqrt(n) / 2);
        return rank < 1 || rank > n ? 0 : counts.nanos(rank);
    }
}
