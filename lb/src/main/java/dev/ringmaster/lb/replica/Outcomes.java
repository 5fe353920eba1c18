package dev.ringmaster.lb.replica;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What came of the requests to one replica, counted by event loop.
 *
 * <p>Each loop writes cells of its own, which share no cache line with another's; readers on other threads add them up
 * with opaque reads. A loop's cells:
 *
 * <pre>
 *  awaiting | good | failed | failed in a row | answers by the time to their head ...
 * </pre>
 */
public final class Outcomes {
    static final int AWAITING = 0;
    static final int GOOD = 1;
    static final int FAILED = 2;
    static final int TIMES = 4;
    /** Two to an octave, from 65 µs to 68 s; what lies beyond is counted in the first and the last. */
    static final int BUCKETS = 41;

    private static final int ROW = 3;
    private static final int FIRST_OCTAVE = 16;
    private static final int PAD = 16;
    private static final int STRIDE = 64;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final int loops;
    private final long[] cells;

    /** Counts for {@code loops} event loops, numbered from 0. */
    public Outcomes(int loops) {
        this.loops = loops;
        this.cells = new long[PAD + loops * STRIDE];
    }

    /** A request was sent whose answer depends on the replica alone. */
    public void sent(int loop) {
        add(loop, AWAITING, 1);
    }

    /** The head of that answer is here. */
    public void answered(int loop, long nanos) {
        add(loop, AWAITING, -1);
        add(loop, TIMES + bucket(nanos), 1);
    }

    /** That answer is not awaited any more. */
    public void unanswered(int loop) {
        add(loop, AWAITING, -1);
    }

    /** A request was answered well and to its end. */
    public void good(int loop) {
        add(loop, GOOD, 1);
        cells[cell(loop, ROW)] = 0;
    }

    /** A request failed by the replica's fault; tells how many have now done so in a row on this loop. */
    public int failed(int loop) {
        add(loop, FAILED, 1);
        return (int) ++cells[cell(loop, ROW)];
    }

    /** Everything so far over all loops; any thread. */
    public OutcomeCounts counts() {
        long[] sums = new long[TIMES + BUCKETS];
        for (int loop = 0; loop < loops; loop++) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += i == ROW ? 0 : (long) CELL.getOpaque(cells, cell(loop, i));
            }
        }
        return new OutcomeCounts(sums);
    }

    private void add(int loop, int what, long n) {
        int cell = cell(loop, what);
        CELL.setOpaque(cells, cell, cells[cell] + n);
    }

    private static int cell(int loop, int what) {
        return PAD + loop * STRIDE + what;
    }

    private static int bucket(long nanos) {
        int octave = 63 - Long.numberOfLeadingZeros(Math.max(nanos, 1));
        int half = octave < FIRST_OCTAVE ? 0 : (int) (nanos >>> (octave - 1)) & 1;
        return Math.clamp(2L * (octave - FIRST_OCTAVE) + half, 0, BUCKETS - 1);
    }

    /** Middle of a bucket in nanoseconds. */
    static long middle(int bucket) {
        long quarter = 1L << (FIRST_OCTAVE + bucket / 2 - 2);
        return bucket % 2 == 0 ? 5 * quarter : 7 * quarter;
    }
}
