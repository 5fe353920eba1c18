package dev.ringmaster.lb.http;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Objects of one event loop that a connection has only while it works: a reader with its arrays is most of what it needs
 * then. The one that was used last is taken first, as it is in the processor's cache. Event loop only.
 */
public final class Spares<T> {
    /** As many as are in use at once by a busy loop; more are left to the collector. */
    private static final int MOST = 256;

    private final Supplier<T> maker;
    private final ArrayDeque<T> free = new ArrayDeque<>();

    /** @param maker of what is taken while nothing is free */
    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    public T take() {
        T last = free.pollLast();
        return last == null ? maker.get() : last;
    }

    /** Takes back what nobody looks at any more; it has forgotten whom it worked for. */
    public void free(T spare) {
        if (free.size() < MOST) {
            free.addLast(spare);
        }
    }
}
