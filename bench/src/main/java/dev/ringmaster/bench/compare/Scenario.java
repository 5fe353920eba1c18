package dev.ringmaster.bench.compare;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Locale;

/** What the clients do, and what is told of it. */
enum Scenario {
    SMALL("small GET, 64 keep-alive connections", 64, "/small", Work.REQUESTS, 20),
    SMALL_256("small GET, 256 keep-alive connections", 256, "/small", Work.REQUESTS, 20),
    CHURN("small GET, one connection a request, 64 at a time", 64, "/small", Work.CONNECTIONS, 20),
    DOWN("1 MiB answers, 16 connections", 16, "/mebibyte", Work.BYTES, 20),
    UP("1 MiB requests, 16 connections", 16, "/upload", Work.UPLOADS, 20),
    LATENCY("small GET at 60 % of the slowest one's saturation, 64 connections", 64, "/small", Work.PACED, 50),
    RATE(
            "CPU time of a small GET at 60 % of the slowest one's saturation, 64 connections",
            64, "/small", Work.RATED, 20),
    IDLE("10,000 idle keep-alive connections, each after one request", 10_000, "/small", Work.HELD, 3),
    START("from the program's start to the first routed request", 1, "/small", Work.STARTS, 10);

    /** What a unit of work is, and what is measured of it; the first figure is the one that is compared. */
    enum Work {
        REQUESTS("µs a request", 1e6, Figures.CPU),
        CONNECTIONS("µs a request", 1e6, Figures.CPU),
        BYTES("ms a MiB", 1e3, Figures.CPU),
        UPLOADS("ms a MiB", 1e3, Figures.CPU),
        PACED(
                "µs a request",
                1e6,
                ImmutableList.of(
                        Figure.ADDED,
                        Figure.SPARED,
                        Figure.STANDSTILL,
                        Figure.P50,
                        Figure.P99,
                        Figure.P999,
                        Figure.LATENESS,
                        Figure.CPU,
                        Figure.RATE)),
        RATED(
                "µs a request",
                1e6,
                ImmutableList.of(
                        Figure.CPU, Figure.USER, Figure.SYSTEM, Figure.RATE, Figure.P50, Figure.P99, Figure.LATENESS)),
        HELD("", 1, ImmutableList.of(Figure.MEMORY, Figure.GROWTH, Figure.RSS)),
        STARTS("", 1, ImmutableList.of(Figure.START));

        private final String unit;
        private final double unitsPerSecond;
        private final ImmutableList<Figure> figures;

        Work(String unit, double unitsPerSecond, ImmutableList<Figure> figures) {
            this.unit = unit;
            this.unitsPerSecond = unitsPerSecond;
            this.figures = figures;
        }

        /** What CPU time for one piece of work is told in. */
        String unit() {
            return unit;
        }

        double in(double seconds) {
            return seconds * unitsPerSecond;
        }

        ImmutableList<Figure> figures() {
            return figures;
        }
    }

    private static final class Figures {
        private static final ImmutableList<Figure> CPU =
                ImmutableList.of(Figure.CPU, Figure.USER, Figure.SYSTEM, Figure.RATE, Figure.SATURATED, Figure.BUSY);
    }

    private final String description;
    private final int connections;
    private final String path;
    private final Work work;
    private final int blocks;

    Scenario(String description, int connections, String path, Work work, int blocks) {
        this.description = description;
        this.connections = connections;
        this.path = path;
        this.work = work;
        this.blocks = blocks;
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

    /** How many blocks make a result, unless told otherwise. */
    int blocks() {
        return blocks;
    }

    /** How long a turn is, unless told otherwise: many short ones where the machine disturbs most of the long. */
    int seconds() {
        return work == Work.PACED ? 1 : 4;
    }

    /** What contestants are compared by. */
    Figure headline() {
        return work.figures().getFirst();
    }
}
