package dev.ringmaster.it.laboratory;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** How often each mark was made for each request; counts end at 7. Ids count from 0. Any thread. */
final class Ledger {
    private static final int BITS = 3;
    private static final int MOST = (1 << BITS) - 1;

    private final AtomicIntegerArray cells;

    Ledger(int requests) {
        cells = new AtomicIntegerArray(requests);
    }

    int size() {
        return cells.length();
    }

    void add(int id, Mark mark) {
        int shift = shift(mark);
        cells.updateAndGet(id, cell -> (cell >>> shift & MOST) == MOST ? cell : cell + (1 << shift));
    }

    int count(int id, Mark mark) {
        return cells.get(id) >>> shift(mark) & MOST;
    }

    boolean has(int id, Mark mark) {
        return count(id, mark) > 0;
    }

    private static int shift(Mark mark) {
        return BITS * mark.code();
    }

    /** All marks of a request, for a report. */
    String describe(int id) {
        StringBuilder text = new StringBuilder();
        for (Mark mark : Mark.values()) {
            if (mark.ofRequest() && has(id, mark)) {
                text.append(' ').append(mark).append('=').append(count(id, mark));
            }
        }
        return text.isEmpty() ? " unheard" : text.toString();
    }
}
