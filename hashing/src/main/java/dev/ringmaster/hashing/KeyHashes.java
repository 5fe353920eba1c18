package dev.ringmaster.hashing;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The hash functions that need no plug-in, and the search among those that do. */
final class KeyHashes {
    static final KeyHash FARMHASH_64 = new Guava("farmhash64", Hashing.farmHashFingerprint64());
    private static final List<KeyHash> BUILT_IN = List.of(
            FARMHASH_64,
            new Guava("murmur3-128", Hashing.murmur3_128()),
            new Guava("siphash24", Hashing.sipHash24()),
            new Fnv1a("fnv1a-64"));

    private KeyHashes() {}

    static KeyHash named(String name, ClassLoader loader) {
        return find(name, BUILT_IN)
                .or(() -> find(name, plugged(loader)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Unknown hash function '" + name + "', known are " + names(loader)));
    }

    private static Optional<KeyHash> find(String name, List<KeyHash> keyHashes) {
        return keyHashes.stream().filter(keyHash -> keyHash.name().equals(name)).findFirst();
    }

    static List<String> names(ClassLoader loader) {
        return Stream.concat(BUILT_IN.stream(), plugged(loader).stream())
                .map(KeyHash::name)
                .distinct()
                .toList();
    }

    /** Those of the plug-ins; an {@link IllegalArgumentException} that names the first that cannot be loaded. */
    private static List<KeyHash> plugged(ClassLoader loader) {
        List<KeyHash> plugged = new ArrayList<>();
        try {
            ServiceLoader.load(KeyHash.class, loader).forEach(plugged::add);
        } catch (ServiceConfigurationError | LinkageError broken) {
            throw new IllegalArgumentException("A plug-in cannot be loaded: " + broken.getMessage(), broken);
        }
        return plugged;
    }

    private record Guava(String name, HashFunction function) implements KeyHash {
        @Override
        public long hash(byte[] bytes, int offset, int length) {
            return function.hashBytes(bytes, offset, length).asLong();
        }
    }

    /** Fowler, Noll and Vo's hash, variant 1a, of 64 bits. */
    private record Fnv1a(String name) implements KeyHash {
        private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
        private static final long PRIME = 0x100000001b3L;

        @Override
        public long hash(byte[] bytes, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            long hash = OFFSET_BASIS;
            for (int i = offset; i < offset + length; i++) {
                hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
            }
            return hash;
        }
    }
}
