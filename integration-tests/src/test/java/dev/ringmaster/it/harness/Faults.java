package dev.ringmaster.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

/** What a process logs of its own mistakes, which no answer need show: buffers that leaked, assertions that failed. */
public final class Faults {
    private static final List<String> SIGNS = List.of("LEAK:", "AssertionError");
    /** Where a leaked buffer was last used stands in the lines after. */
    private static final int LINES_SHOWN = 100;

    private Faults() {}

    /** Fails with the first one and what follows it. */
    public static void assertNone(List<String> log) {
        List<String> fromFirst = IntStream.range(0, log.size())
                .filter(line -> SIGNS.stream().anyMatch(log.get(line)::contains))
                .mapToObj(line -> log.subList(line, Math.min(log.size(), line + LINES_SHOWN)))
                .findFirst()
                .orElse(List.of());
        assertThat(fromFirst).as("faults in the log").isEmpty();
    }
}
