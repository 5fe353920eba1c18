package dev.ringmaster.lb.replica;

/** What came of requests during some time. Immutable. */
public final class OutcomeCounts {
    /** Nothing. */
    public static final OutcomeCounts NONE = new OutcomeCounts(new long[Outcomes.TIMES + Outcomes.BUCKETS]);

    private final long[] cells;
    private final long answers;

    OutcomeCounts(long[] cells) {
        this.cells = cells;
        long sum = 0;
        for (int i = Outcomes.TIMES; i < cells.length; i++) {
            sum += cells[i];
        }
        this.answers = sum;
    }

    /** What came after {@code earlier}. */
    public OutcomeCounts minus(OutcomeCounts earlier) {
        return combined(earlier, -1);
    }

    /** Both together. */
    public OutcomeCounts plus(OutcomeCounts other) {
        return combined(other, 1);
    }

    private OutcomeCounts combined(OutcomeCounts other, int sign) {
        long[] result = cells.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] += sign * other.cells[i];
        }
        return new OutcomeCounts(result);
    }

    /** Answers that are awaited. */
    public long awaiting() {
        return cells[Outcomes.AWAITING];
    }

    /** Requests that were answered well and to the end. */
    public long good() {
        return cells[Outcomes.GOOD];
    }

    /** Requests that failed by the replica's fault. */
    public long failed() {
        return cells[Outcomes.FAILED];
    }

    /** Requests that one can say either of. */
    public long judged() {
        return good() + failed();
    }

    /** Answers whose time is known. */
    public long answers() {
        return answers;
    }

    /** Nanoseconds that the {@code rank}th fastest answer took, from 1 to {@link #answers}; within a quarter of it. */
    public long nanos(long rank) {
        long left = rank;
        int bucket = -1;
        while (left > 0 && bucket < Outcomes.BUCKETS - 1) {
            bucket++;
            left -= cells[Outcomes.TIMES + bucket];
        }
        return Outcomes.middle(Math.max(bucket, 0));
    }
}
