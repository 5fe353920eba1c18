package dev.ringmaster.lb.lifecycle;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that jumps from one event to the next; what is due at the same time happens in the order of asking. */
final class SimulatedTime {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now = 1;
    private long order;

    private record Event(long at, long order, Runnable task) {}

    long nanos() {
        return now;
    }

    /** Runs {@code task} later; running what is returned calls it off. */
    Runnable after(Duration delay, Runnable task) {
        Event event = new Event(now + delay.toNanos(), order++, task);
        events.add(event);
        return () -> events.remove(event);
    }

    /** Lets the next event happen, if it is due until then. */
    boolean step(long until) {
        Event next = events.peek();
        if (next == null || next.at() > until) {
            now = Math.max(now, until);
            return false;
        }
        events.remove(next);
        now = Math.max(now, next.at());
        next.task().run();
        return true;
    }

    void run(Duration duration) {
        long until = now + duration.toNanos();
        while (step(until)) {}
    }

    /** Time passes and nothing happens, as when the whole process is suspended; what was due happens late. */
    void stall(Duration duration) {
        now += duration.toNanos();
    }
}
