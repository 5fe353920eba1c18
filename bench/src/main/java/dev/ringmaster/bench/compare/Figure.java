package dev.ringmaster.bench.compare;

/** What is told of a turn. */
enum Figure {
    CPU("CPU, %s", "%.2f"),
    USER("of it user", "%.2f"),
    SYSTEM("of it system", "%.2f"),
    RATE("a second", "%.0f"),
    /** The rate of turns in which the proxy, and not its surroundings, was the limit. */
    SATURATED("a second, proxy saturated", "%.0f"),
    BUSY("processors it used", "%.2f"),
    ADDED("p99 added, ms", "%.3f"),
    P50("p50, ms", "%.3f"),
    P99("p99, ms", "%.3f"),
    P999("p99.9, ms", "%.3f"),
    /** Of answers that met no standstill of a processor. */
    SPARED("p99 where no processor stood still, ms", "%.3f"),
    STANDSTILL("answers that met a standstill, per cent", "%.1f"),
    LATENESS("generator's latest send, ms", "%.2f"),
    MEMORY("KiB a connection", "%.2f"),
    GROWTH("RSS, KiB a connection", "%.2f"),
    RSS("RSS with all, MiB", "%.1f"),
    START("ms", "%.0f");

    private final String heading;
    private final String format;

    Figure(String heading, String format) {
        this.heading = heading;
        this.format = format;
    }

    /** The column's heading; work has a unit. */
    String heading(Scenario.Work work) {
        return heading.formatted(work.unit());
    }

    String format() {
        return format;
    }
}
