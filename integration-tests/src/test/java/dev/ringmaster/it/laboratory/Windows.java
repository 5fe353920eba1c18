package dev.ringmaster.it.laboratory;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Times in which a replica may lose what was sent to it without being able to say so: it was killed, frozen, or closed a
 * connection on which a request was just coming. The balancer may learn of it later, by as long as the machine stood
 * still then.
 */
final class Windows implements AutoCloseable {
    private static final long MARGIN_NANOS = 300_000_000;

    private final long started = System.nanoTime();
    private final List<Window> all = new CopyOnWriteArrayList<>();
    private final Standstill standstill = new Standstill();

    /** In nanoseconds of {@link System#nanoTime}. */
    private record Window(long from, long to, boolean silent) {}

    /** From then until now. */
    void add(long from, boolean silent) {
        all.add(new Window(from - MARGIN_NANOS, System.nanoTime() + MARGIN_NANOS, silent));
    }

    /** Whether something sent in the time of the call may have been lost unheard. */
    boolean touches(Call call) {
        return all.stream().anyMatch(window -> meets(window, call));
    }

    /** Whether something sent in the time of the call may have met a replica that says nothing at all. */
    boolean silences(Call call) {
        return all.stream().anyMatch(window -> window.silent && meets(window, call));
    }

    private boolean meets(Window window, Call call) {
        return call.end() >= window.from && call.start() <= standstill.extend(window.from, window.to);
    }

    /** Nanoseconds that lie in any of them. */
    private long covered() {
        long covered = 0;
        long until = started;
        for (Window window :
                all.stream().sorted(Comparator.comparingLong(Window::from)).toList()) {
            covered += Math.max(0, window.to - Math.max(until, window.from));
            until = Math.max(until, window.to);
        }
        return covered;
    }

    @Override
    public void close() {
        standstill.close();
        System.out.printf(
                "windows: %d, %.1f of %.1f s; longest standstill: %d ms%n",
                all.size(), covered() / 1e9, (System.nanoTime() - started) / 1e9, standstill.longest() / 1_000_000);
    }
}
