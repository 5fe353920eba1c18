package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How many files a process may have open; those that this one starts inherit it. */
final class OpenFiles {
    /** Beside the connections: libraries, listeners, connections to the origin. */
    private static final int OTHERS = 1_000;

    private static final int SOFT = 3;

    private OpenFiles() {}

    /** Throws {@link IOException} that says what to do if so many connections would not fit. */
    static void require(int connections) throws IOException {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            List<String> fields = limits.filter(line -> line.startsWith("Max open files"))
                    .findFirst()
                    .map(line -> List.of(line.split("\\s+", -1)))
                    .orElseThrow();
            String limit = fields.get(SOFT);
            if (!limit.equals("unlimited") && Integer.parseInt(limit) < connections + OTHERS) {
                throw new IOException(
                        "%,d connections need as many open files and %,d more, but only %s are allowed; first run: ulimit -n %d"
                                .formatted(connections, OTHERS, limit, connections + OTHERS));
            }
        }
    }
}
