package dev.ringmaster.lb.health;

import dev.ringmaster.lb.replica.OutcomeCounts;
import java.util.ArrayDeque;

/** What came of one replica's requests lately: some intervals of counts, the row of failures, and silence. */
final class Traffic {
    /** How many intervals are remembered. */
    static final int INTERVALS = 20;

    /** Counts as they were at the end of each interval, latest first. */
    private final ArrayDeque<OutcomeCounts> ends = new ArrayDeque<>();

    private OutcomeCounts latest;
    private int row;
    private boolean grown;
    private int reported;
    private long silentSince;

    Traffic(OutcomeCounts first, long now) {
        latest = first;
        forget(now);
    }

    /** An event loop saw so many failures in a row, the last one just now. */
    void reported(int failures) {
        reported = Math.max(reported, failures);
    }

    /**
     * Takes what is known by now.
     *
     * @param silence how many requests must await their answers for it to be silence that none comes
     */
    void look(OutcomeCounts counts, int silence, long now) {
        OutcomeCounts fresh = counts.minus(latest);
        latest = counts;
        row = fresh.good() > 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, row + fresh.failed());
        grown = fresh.failed() > 0;
        if (counts.awaiting() < silence || fresh.answers() > 0) {
            heard(now);
        }
    }

    /** Silence, if there is any, begins now. */
    void heard(long now) {
        silentSince = now;
    }

    /** An interval is over. */
    void turn() {
        ends.addFirst(latest);
        if (ends.size() > INTERVALS) {
            ends.removeLast();
        }
    }

    /** What was before does not count any more. */
    void forget(long now) {
        ends.clear();
        ends.addFirst(latest);
        row = 0;
        grown = false;
        reported = 0;
        silentSince = now;
    }

    /** The longest row of failures, over all event loops or as one of them saw it; 0 if none is new. */
    int row() {
        int longest = Math.max(grown ? row : 0, reported);
        reported = 0;
        return longest;
    }

    /** Nanoseconds for which it has left all its requests unanswered. */
    long silence(long now) {
        return now - silentSince;
    }

    /** The last few intervals, or as many as there are. */
    OutcomeCounts last(int intervals) {
        OutcomeCounts from = ends.getLast();
        int left = intervals;
        for (OutcomeCounts end : ends) {
            from = end;
            if (left-- == 0) {
                break;
            }
        }
        return latest.minus(from);
    }
}
