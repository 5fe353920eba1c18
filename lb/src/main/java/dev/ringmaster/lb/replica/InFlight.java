package dev.ringmaster.lb.replica;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Requests in flight to one replica, counted in one cell per event loop.
 *
 * <p>Each cell has a single writer, its loop, and lies on a cache line of its own; readers on other threads add the
 * cells up with opaque reads, so a sum may lag by the requests that began or ended while it was taken.
 */
public final class InFlight {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STRIDE = 16;

    private final long[] cells;

    /** Counts for {@code loops} event loops, numbered from 0. */
    public InFlight(int loops) {
        this.cells = new long[(loops + 1) * STRIDE];
    }

    /** How many event loops it counts for. */
    int loops() {
        return cells.length / STRIDE - 1;
    }

    /** One more request; only on event loop number {@code loop}. */
    public void begin(int loop) {
        add(loop, 1);
    }

    /** One request less; only on event loop number {@code loop}. */
    public void end(int loop) {
        add(loop, -1);
    }

    /** Requests in flight over all loops; any thread. */
    public long sum() {
        // Held here: after an opaque read a field is read again.
        long[] all = cells;
        long sum = 0;
        for (int i = STRIDE; i < all.length; i += STRIDE) {
            sum += (long) CELL.getOpaque(all, i);
        }
        return sum;
    }

    private void add(int loop, long delta) {
        int cell = (loop + 1) * STRIDE;
        CELL.setOpaque(cells, cell, cells[cell] + delta);
    }
}
