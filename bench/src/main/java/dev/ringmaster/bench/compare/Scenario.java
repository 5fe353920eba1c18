package dev.ringmaster.bench.compare;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Locale;

/** What the clients do. */
enum Scenario {
    SMALL("small GET, 64 keep-alive connections", 64, "/small", Work.REQUESTS, ImmutableList.of()),
    SMALL_256("small GET, 256 keep-alive connections", 256, "/small", Work.REQUESTS, ImmutableList.of()),
    CHURN(
            "small GET, one connection a request, 64 at a time",
            64,
            "/small",
            Work.REQUESTS,
            ImmutableList.of("Connection: close")),
    DOWN("1 MiB answers, 16 connections", 16, "/mebibyte", Work.BYTES, ImmutableList.of()),
    UP("1 MiB requests, 16 connections", 16, "/small", Work.UPLOADS, ImmutableList.of());

    /** What a unit of work is. */
    enum Work {
        REQUESTS("µs a request", 1e6),
        BYTES("ms a MiB", 1e3),
        UPLOADS("ms a MiB", 1e3);

        private final String unit;
        private final double unitsPerSecond;

        Work(String unit, double unitsPerSecond) {
            this.unit = unit;
            this.unitsPerSecond = unitsPerSecond;
        }

        /** What CPU time for one piece of work is told in. */
        String unit() {
            return unit;
        }

        double in(double seconds) {
            return seconds * unitsPerSecond;
        }
    }

    private final String description;
    private final int connections;
    private final String path;
    private final Work work;
    private final ImmutableList<String> headers;

    Scenario(String description, int connections, String path, Work work, ImmutableList<String> headers) {
        this.description = description;
        this.connections = connections;
        this.path = path;
        this.work = work;
        this.headers = headers;
    }

    /** The scenario of that name. Throws {@link IllegalArgumentException} naming all if there is none. */
    static Scenario named(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario '" + name + "'; there are "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Scenario::key).toList())));
    }

    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String description() {
        return description;
    }

    int connections() {
        return connections;
    }

    String path() {
        return path;
    }

    Work work() {
        return work;
    }

    ImmutableList<String> headers() {
        return headers;
    }
}
