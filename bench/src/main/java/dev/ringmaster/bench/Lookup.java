package dev.ringmaster.bench;

import com.dynatrace.hash4j.consistent.ConsistentBucketHasher;
import com.dynatrace.hash4j.consistent.ConsistentBucketSetHasher;
import com.dynatrace.hash4j.consistent.ConsistentHashing;
import com.dynatrace.hash4j.random.PseudoRandomGeneratorProvider;
import com.google.common.hash.Hashing;
import dev.ringmaster.hashing.ClassicIds;
import dev.ringmaster.hashing.ConsistentHash;
import dev.ringmaster.hashing.ConsistentHashes;
import dev.ringmaster.hashing.HashOptions;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** One contestant: from a key's 64-bit hash to the index of its node. */
interface Lookup {
    /** Room for 100 nodes on the classic ring, which holds 56 at its default size. */
    HashOptions OPTIONS = HashOptions.defaults().withRing(4096, 9).withClassicIds(ClassicIds.LITERAL);

    int POINTS_PER_NODE = 160;

    int nodeOf(long keyHash);

    /** The contestant called {@code name} over {@code nodes} nodes; names not known here are those of this project. */
    static Lookup of(String name, int nodes) {
        return switch (name) {
            case "guava-consistentHash" -> keyHash -> Hashing.consistentHash(keyHash, nodes);
            case "hash4j-JumpBackHash" -> {
                ConsistentBucketHasher hasher =
                        ConsistentHashing.jumpBackHash(PseudoRandomGeneratorProvider.splitMix64_V1());
                yield keyHash -> hasher.getBucket(keyHash, nodes);
            }
            case "hash4j-JumpBackAnchorHash" -> {
                ConsistentBucketSetHasher hasher =
                        ConsistentHashing.jumpBackAnchorHash(PseudoRandomGeneratorProvider.splitMix64_V1());
                IntStream.range(0, nodes).forEach(_ -> hasher.addBucket());
                yield hasher::getBucket;
            }
            case "treemap-ring" -> treeMapRing(nodes);
            default -> {
                ConsistentHash<Integer> hash = ConsistentHashes.named(
                        name,
                        OPTIONS,
                        Integer::longValue,
                        IntStream.range(0, nodes).boxed().toList());
                yield hash::ownerIndex;
            }
        };
    }

    private static Lookup treeMapRing(int nodes) {
        TreeMap<Long, Integer> ring = new TreeMap<>();
        SplittableRandom points = new SplittableRandom(1);
        for (int i = 0; i < nodes * POINTS_PER_NODE; i++) {
            ring.put(points.nextLong(), i % nodes);
        }
        return keyHash -> {
            Map.Entry<Long, Integer> next = ring.ceilingEntry(keyHash);
            return (next == null ? ring.firstEntry() : next).getValue();
        };
    }
}
