package dev.ringmaster.lb.balance;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts the keys of one event loop in fixed memory. Only on that loop; nothing allocates but {@link #turn}.
 *
 * <p>A key belongs to one set of eight counters, and each set is a <i>Space-Saving</i> summary (Metwally, Agrawal, El
 * Abbadi, <i>Efficient Computation of Frequent and Top-k Elements in Data Streams</i>, 2005) of the keys that belong to
 * it: a key without a counter takes over the lowest one with what it had counted, which is from then on the most by which
 * the new count may be too high. A set is two cache lines, its keys and then its counters:
 *
 * <pre>
 *  count (30 bits) | error (30 bits) | number in its set (3 bits)
 * </pre>
 *
 * so that the lowest counter is the least of eight numbers and says itself where it is: no branch depends on which it is.
 */
final class KeySketch {
    private static final int WAYS = 8;
    private static final int SET = 2 * WAYS;
    private static final int BYTES_PER_SET = SET * Long.BYTES;
    /** For the sketches of all loops. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_SETS = 128;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    /** Keys with a smaller part of the requests are not told. */
    private static final int LEAST_PART = 512;

    private static final int ERROR_SHIFT = 3;
    private static final int COUNT_SHIFT = 33;
    private static final long ONE = 1L << COUNT_SHIFT;
    private static final int ERROR_MASK = (1 << (COUNT_SHIFT - ERROR_SHIFT)) - 1;

    private final long[] cells;
    /** By counter, what it had counted when the window began. */
    private final int[] before;

    private final int shift;
    private int requests;

    /** @param loops how many sketches there are, which share the memory */
    KeySketch(int loops) {
        int room = Math.max(1, MOST_BYTES / (BYTES_PER_SET + WAYS * Integer.BYTES) / loops);
        int sets = Math.min(MOST_SETS, Integer.highestOneBit(room));
        this.cells = new long[sets * SET];
        this.before = new int[sets * WAYS];
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(sets);
        for (int i = 0; i < before.length; i++) {
            cells[counter(i)] = i % WAYS;
        }
    }

    /** What was counted, the last windows for more than those before them. */
    record Window(long requests, List<Count> counts, long unseen) {
        /**
         * {@code count} is at least what there were, and at most {@code error} more; {@code fresh} is at most what there
         * were in the last window, and just that of a key that has kept its counter.
         */
        record Count(long key, int count, int error, int fresh) {}
    }

    /** One more request with that key. */
    void record(long key) {
        requests++;
        // A shift by 64 is one by 0: a single set needs the mask.
        int set = ((int) ((key * GOLDEN) >>> shift) * SET) & (cells.length - SET);
        for (int i = set; i < set + WAYS; i++) {
            if (cells[i] == key) {
                cells[i + WAYS] += ONE;
                return;
            }
        }
        long least = least(set + WAYS);
        int way = (int) least & (WAYS - 1);
        long count = least >>> COUNT_SHIFT;
        cells[set + way] = key;
        cells[set + WAYS + way] = packed(count + 1, count, way);
    }

    /** In pairs, which do not wait for each other. */
    private long least(int from) {
        long first = Math.min(cells[from], cells[from + 1]);
        long second = Math.min(cells[from + 2], cells[from + 3]);
        long third = Math.min(cells[from + 4], cells[from + 5]);
        long fourth = Math.min(cells[from + 6], cells[from + 7]);
        return Math.min(Math.min(first, second), Math.min(third, fourth));
    }

    private static long packed(long count, long error, int way) {
        return count << COUNT_SHIFT | error << ERROR_SHIFT | way;
    }

    /** Where the counter with that number is; its key is eight places before it. */
    private static int counter(int number) {
        return number / WAYS * SET + WAYS + number % WAYS;
    }

    private int count(int number) {
        return (int) (cells[counter(number)] >>> COUNT_SHIFT);
    }

    private int error(int number) {
        return (int) (cells[counter(number)] >>> ERROR_SHIFT) & ERROR_MASK;
    }

    /** Ends a window: tells the frequent keys, and lets what was counted so far weigh half. */
    Window turn() {
        int least = Math.max(1, requests / LEAST_PART);
        int unseen = least - 1;
        List<Window.Count> frequent = new ArrayList<>();
        for (int set = 0; set < before.length; set += WAYS) {
            int lowest = Integer.MAX_VALUE;
            for (int i = set; i < set + WAYS; i++) {
                lowest = Math.min(lowest, count(i));
                if (count(i) >= least) {
                    frequent.add(told(i));
                }
            }
            unseen = Math.max(unseen, lowest);
        }
        Window window = new Window(requests, List.copyOf(frequent), unseen);
        fade();
        return window;
    }

    private Window.Count told(int number) {
        // What it had when its key took it over is more than what it had before if that was in this window.
        int old = Math.max(before[number], error(number));
        return new Window.Count(cells[counter(number) - WAYS], count(number), error(number), count(number) - old);
    }

    private void fade() {
        requests >>>= 1;
        for (int i = 0; i < before.length; i++) {
            before[i] = count(i) >>> 1;
            cells[counter(i)] = packed(before[i], error(i) >>> 1, i % WAYS);
        }
    }
}
