package dev.ringmaster.bench;

import dev.ringmaster.hashing.KeyHash;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a key to its node, ns a key, for every algorithm of this project and of others. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 9, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
@State(Scope.Benchmark)
public class HashLookupBenchmark {
    /** Keys an invocation, and all the keys of the hot benchmarks: they stay in the first-level cache. */
    private static final int KEYS = 1024;

    /** 32 MiB of key hashes, far beyond the second-level cache: no part of a table is hot by chance. */
    private static final int COLD_KEYS = 1 << 22;

    private static final int KEY_BYTES = 16;

    @Param({"10", "100"})
    public int nodes;

    @Param({
        "capped-rendezvous",
        "classic",
        "ketama",
        "maglev",
        "jump",
        "rendezvous",
        "hash4j-JumpBackHash",
        "hash4j-JumpBackAnchorHash",
        "guava-consistentHash",
        "treemap-ring"
    })
    public String algorithm = "";

    private Lookup lookup = _ -> 0;
    private KeyHash keyHash = KeyHash.standard();
    private long[] keyHashes = {};
    private byte[] keys = {};
    private int position;

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(42);
        lookup = Lookup.of(algorithm, nodes);
        keyHash = KeyHash.standard();
        keyHashes = random.longs(COLD_KEYS).toArray();
        keys = new byte[KEYS * KEY_BYTES];
        random.nextBytes(keys);
    }

    /** The hash is given; the same 1,024 keys again and again. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public int hot() {
        int sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += lookup.nodeOf(keyHashes[i]);
        }
        return sum;
    }

    /** The hash is given; four million keys in turn. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public int cold() {
        int sum = 0;
        int end = position + KEYS;
        for (int i = position; i < end; i++) {
            sum += lookup.nodeOf(keyHashes[i]);
        }
        position = end == COLD_KEYS ? 0 : end;
        return sum;
    }

    /** The key is 16 bytes, hashed by the default function. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public int hashed16Bytes() {
        int sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += lookup.nodeOf(keyHash.hash(keys, i * KEY_BYTES, KEY_BYTES));
        }
        return sum;
    }
}
