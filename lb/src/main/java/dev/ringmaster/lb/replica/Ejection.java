package dev.ringmaster.lb.replica;

import java.util.Locale;

/**
 * Why and until when a replica gets no requests although it answers heartbeats.
 *
 * @param until when it is back at the latest, on the clock of {@link System#nanoTime}
 */
public record Ejection(Reason reason, long until) {
    /** What it does worse than the others. */
    public enum Reason {
        /** Its requests failed one after another. */
        FAILURES,
        /** More of its requests fail than of the others'. */
        SUCCESS_RATE,
        /** It answers much later than the others, or not at all. */
        LATENCY;

        /** The reason in logs, metrics and reports. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
