package dev.ringmaster.lb.telemetry;

import static org.awaitility.Awaitility.await;

/** Threads that write access logs: closing a log waits for its own for two seconds, and a test for as long as it takes. */
public final class AccessLogWriters {
    private AccessLogWriters() {}

    /** Waits until those of all logs that were closed have written what there was. */
    public static void awaitEnd() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("lb-access-log")));
    }
}
