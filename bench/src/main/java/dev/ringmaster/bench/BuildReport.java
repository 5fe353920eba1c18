package dev.ringmaster.bench;

import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.hashing.ConsistentHashes;
import dev.ringmaster.hashing.HashOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.IntStream;

/** How long the default table takes to build, first in this JVM and then warm, as a Markdown table. */
final class BuildReport {
    private static final int[] SIZES = {3, 10, 30, 64, 100};
    private static final int WARM_UPS = 10;
    private static final int ROUNDS = 9;

    private BuildReport() {}

    static void print(PrintStream out) {
        out.printf("First build in this JVM, 3 nodes: %.0f ms%n%n", millis(3, false));
        for (int i = 0; i < WARM_UPS; i++) {
            millis(10, i % 2 == 0);
        }
        out.println("| nodes | equal weights, ms | unequal weights, ms |");
        out.println("|---|---|---|");
        for (int size : SIZES) {
            out.printf("| %d | %.0f | %.0f |%n", size, median(size, false), median(size, true));
        }
    }

    private static double median(int size, boolean weighted) {
        double[] times = IntStream.range(0, ROUNDS)
                .mapToDouble(_ -> millis(size, weighted))
                .sorted()
                .toArray();
        return times[ROUNDS / 2];
    }

    private static double millis(int size, boolean weighted) {
        List<Integer> nodes = IntStream.range(0, size).boxed().toList();
        long start = System.nanoTime();
        ConsistentHash<Integer> hash = ConsistentHashes.named(
                "capped-rendezvous",
                HashOptions.defaults(),
                Integer::longValue,
                nodes,
                node -> weighted ? 1 + node % 3 : 1);
        double elapsed = (System.nanoTime() - start) / 1e6;
        if (hash.nodes().size() != size) {
            throw new IllegalStateException("A table of another size");
        }
        return elapsed;
    }
}
