package dev.ringmaster.lb.cli.load;

/** Told of every good answer, on the load's event loop. */
public interface LoadObserver {
    /**
     * An answer is complete; both times are of the nanosecond clock.
     *
     * @param due when its request was to be sent
     */
    void answered(long due, long now);
}
