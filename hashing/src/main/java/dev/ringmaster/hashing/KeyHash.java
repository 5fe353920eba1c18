package dev.ringmaster.hashing;

import java.util.List;

/**
 * A hash function from the bytes of a key to 64 bits, known by name.
 *
 * <p>Implementations are thread-safe, depend on the bytes alone and never change. The built-in ones are
 * {@code farmhash64} (the default: Guava's {@code farmHashFingerprint64}), {@code murmur3-128} (its first 64 bits),
 * {@code siphash24} (with Guava's fixed key) and {@code fnv1a-64}. Others are found with
 * {@link java.util.ServiceLoader}, from a class path or a class loader of plug-ins; a built-in name cannot be replaced.
 */
public interface KeyHash {

    /** The name by which it is configured: lower case, digits and dashes. */
    String name();

    /**
     * The hash of {@code length} bytes from {@code offset}.
     *
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    long hash(byte[] bytes, int offset, int length);

    /** The default, {@code farmhash64}. */
    static KeyHash standard() {
        return KeyHashes.FARMHASH_64;
    }

    /**
     * The hash function called {@code name}, built in or found by this library's class loader.
     *
     * @throws IllegalArgumentException if there is none, with the names that there are; or if it is not built in and
     *     a plug-in cannot be loaded, with its name
     */
    static KeyHash named(String name) {
        return KeyHashes.named(name, KeyHash.class.getClassLoader());
    }

    /**
     * The hash function called {@code name}, built in or found by {@code loader}.
     *
     * @throws IllegalArgumentException if there is none, with the names that there are; or if it is not built in and
     *     a plug-in cannot be loaded, with its name
     */
    static KeyHash named(String name, ClassLoader loader) {
        return KeyHashes.named(name, loader);
    }

    /** The names that {@link #named(String)} takes: the built-in ones first. */
    static List<String> names() {
        return KeyHashes.names(KeyHash.class.getClassLoader());
    }

    /** The names that {@link #named(String, ClassLoader)} takes: the built-in ones first. */
    static List<String> names(ClassLoader loader) {
        return KeyHashes.names(loader);
    }
}
