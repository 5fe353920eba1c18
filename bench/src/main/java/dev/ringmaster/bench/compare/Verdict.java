package dev.ringmaster.bench.compare;

import java.util.Locale;

/** Whether a ratio keeps to a bound, in words, and whether the blocks suffice to say so. */
final class Verdict {
    private Verdict() {}

    /**
     * Nothing is said where the blocks that do not tell could be the median, and of a ratio that could as well be beyond
     * the bound it is said that it is within the resolution.
     *
     * @param itself the ratio of ours to itself
     */
    static String of(Statistics ratio, Statistics itself, double bound) {
        if (!Double.isFinite(ratio.to()) || !Double.isFinite(itself.to())) {
            return "not resolved";
        }
        String found = ratio.median() <= bound
                ? "yes"
                : String.format(Locale.ROOT, "**missed** by %.3f", ratio.median() - bound);
        return isResolved(ratio, itself, bound) ? found : found + ", within the resolution";
    }

    /** The median's interval speaks of chance between blocks, ours against itself also of what starts differ in. */
    private static boolean isResolved(Statistics ratio, Statistics itself, double bound) {
        double resolution = Math.max(1 - itself.from(), itself.to() - 1);
        boolean beyond = ratio.to() < bound || ratio.from() > bound;
        return beyond && Math.abs(ratio.median() / bound - 1) > resolution;
    }
}
