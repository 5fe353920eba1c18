package dev.ringmaster.lb.cli.load;

/** When each request is meant to be sent. Times are of the nanosecond clock; one thread. */
final class Schedule {
    private static final double NANOS_A_SECOND = 1e9;

    private long start;
    private final double nanosBetween;
    private final long requests;
    private long taken;

    /** @param rate requests a second; 0 means that each is due as soon as it is asked for */
    Schedule(double rate, long requests) {
        this.nanosBetween = rate == 0 ? 0 : NANOS_A_SECOND / rate;
        this.requests = requests;
    }

    /** Makes this the moment of the first request. */
    void begin(long now) {
        start = now;
    }

    boolean exhausted() {
        return taken == requests;
    }

    /** The moment of the next request; it may lie behind or ahead of now. */
    long next(long now) {
        return nanosBetween == 0 ? now : start + (long) (taken * nanosBetween);
    }

    boolean isDue(long now) {
        return !exhausted() && next(now) - now <= 0;
    }

    /** Takes the next request; the result is its intended moment. */
    long take(long now) {
        long moment = next(now);
        taken++;
        return moment;
    }
}
