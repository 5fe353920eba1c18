package dev.ringmaster.bench;

import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.hashing.ConsistentHashes;
import dev.ringmaster.hashing.HashOptions;
import dev.ringmaster.hashing.KeySample;
import dev.ringmaster.hashing.Spread;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.IntStream;

/** How even every algorithm is and how much it moves, as a Markdown table. */
final class SpreadReport {
    private static final int[] SIZES = {3, 5, 10, 30, 100};
    private static final HashOptions OPTIONS = HashOptions.defaults();
    private static final long SAMPLED_KEYS = 10_000_000;

    private SpreadReport() {}

    static void print(PrintStream out) {
        out.println("| algorithm | nodes | peak/mean | moved/ideal on removal | moved/ideal on addition |");
        out.println("|---|---|---|---|---|");
        for (String algorithm : ConsistentHashes.names()) {
            for (int size : SIZES) {
                out.println(row(algorithm, size));
            }
        }
    }

    private static String row(String algorithm, int size) {
        if (algorithm.equals("classic") && (size + 1) * OPTIONS.virtualNodes() > OPTIONS.ringSize()) {
            return "| classic | %d | no room | | |".formatted(size);
        }
        List<Integer> nodes = IntStream.range(0, size).boxed().toList();
        ConsistentHash<Integer> hash = ConsistentHashes.named(algorithm, OPTIONS, Integer::longValue, nodes);
        KeySample keys = keysFor(algorithm, hash);
        return "| %s | %d | %.4f | %.3f | %.3f |"
                .formatted(
                        algorithm,
                        size,
                        Spread.of(hash, keys).peakToMean(),
                        Spread.moves(hash, hash.without(size / 2), keys).ratio(),
                        Spread.moves(hash, hash.with(size), keys).ratio());
    }

    /** Every bucket or request residue where that is exact, else ten million pseudo-random keys. */
    private static KeySample keysFor(String algorithm, ConsistentHash<Integer> hash) {
        return switch (algorithm) {
            case "capped-rendezvous", "maglev" -> KeySample.everyBucket(hash);
            case "classic" -> KeySample.range(0, OPTIONS.ringSize() - 1L);
            default -> KeySample.random(SAMPLED_KEYS, 1);
        };
    }
}
