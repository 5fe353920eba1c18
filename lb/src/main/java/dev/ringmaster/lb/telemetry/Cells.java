package dev.ringmaster.lb.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of counters with one writing thread and any number of readers.
 *
 * <p>The writer reads its own cells plainly and stores them opaquely: no fence, no lock, no torn value. Both ends are
 * padded, so that rows of different event loops never share a cache line.
 */
final class Cells {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PAD = 16;

    private final long[] cells;

    Cells(int size) {
        this.cells = new long[size + 2 * PAD];
    }

    int size() {
        return cells.length - 2 * PAD;
    }

    /** Only on the writing thread. */
    void add(int index, long n) {
        int cell = index + PAD;
        CELL.setOpaque(cells, cell, cells[cell] + n);
    }

    long get(int index) {
        return (long) CELL.getOpaque(cells, index + PAD);
    }

    /** A longer row with the same counts; only on the writing thread. */
    Cells grown(int size) {
        Cells longer = new Cells(size);
        System.arraycopy(cells, PAD, longer.cells, PAD, size());
        return longer;
    }

    /** Adds every cell to the element of {@code sums} at the same index. */
    void addTo(long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += get(i);
        }
    }
}
