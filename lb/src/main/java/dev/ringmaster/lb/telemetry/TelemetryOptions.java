package dev.ringmaster.lb.telemetry;

/** What is written about every request. */
public record TelemetryOptions(AccessLogFormat accessLog) {
    /** A form of access log; {@link #NONE} writes none. */
    public enum AccessLogFormat {
        NONE,
        COMMON,
        COMBINED,
        JSON
    }
}
