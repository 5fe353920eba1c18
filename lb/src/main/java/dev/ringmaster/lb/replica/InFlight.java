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

    private final int loops;
    /** After the last of an odd number one more, which stays 0: they are added up in pairs. */
    private final long[] cells;

    /** Counts for {@code loops} event loops, at least one, numbered from 0. */
    public InFlight(int loops) {
        this.loops = loops;
        this.cells = new long[(1 + loops + loops % 2) * STRIDE];
    }

    /** How many event loops it counts for. */
    int loops() {
        return loops;
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
        // Every decision asks: a loop of two rounds would cost it some 3 ns.
        long sum = pair(all, STRIDE);
        for (int i = 3 * STRIDE; i < all.length; i += 2 * STRIDE) {
            sum += pair(all, i);
        }
        return sum;
    }

    private static long pair(long[] all, int cell) {
        return (long) CELL.getOpaque(all, cell) + (long) CELL.getOpaque(all, cell + STRIDE);
    }

    private void add(int loop, long delta) {
        int cell = (loop + 1) * STRIDE;
        CELL.setOpaque(cells, cell, cells[cell] + delta);
    }
}
