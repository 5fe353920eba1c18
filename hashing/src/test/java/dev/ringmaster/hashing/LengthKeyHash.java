package dev.ringmaster.hashing;

import java.util.Objects;

/** A plug-in of the tests, listed in {@code META-INF/services}. */
public final class LengthKeyHash implements KeyHash {
    @Override
    public String name() {
        return "test-length";
    }

    @Override
    public long hash(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length;
    }
}
