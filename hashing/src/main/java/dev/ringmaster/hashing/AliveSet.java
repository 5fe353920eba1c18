package dev.ringmaster.hashing;

import java.util.Objects;

/** An immutable bitmap of the node indexes of one {@link ConsistentHash} that may be chosen now. */
public final class AliveSet {
    private final int size;
    private final long[] words;

    private AliveSet(int size, long[] words) {
        this.size = size;
        this.words = words;
    }

    /** All indexes from 0 to {@code size - 1}. */
    public static AliveSet all(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative: " + size);
        }
        long[] words = new long[(size + Long.SIZE - 1) / Long.SIZE];
        for (int i = 0; i < size; i++) {
            words[i / Long.SIZE] |= 1L << i;
        }
        return new AliveSet(size, words);
    }

    /** Whether {@code index} is in the set. */
    public boolean contains(int index) {
        Objects.checkIndex(index, size);
        return (words[index >>> 6] >>> index & 1) != 0;
    }

    /** This set and {@code index}. */
    public AliveSet with(int index) {
        AliveSet copy = copyFor(index);
        copy.words[index / Long.SIZE] |= 1L << index;
        return copy;
    }

    /** This set less {@code index}. */
    public AliveSet without(int index) {
        AliveSet copy = copyFor(index);
        copy.words[index / Long.SIZE] &= ~(1L << index);
        return copy;
    }

    /** How many indexes are in the set. */
    public int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    private AliveSet copyFor(int index) {
        Objects.checkIndex(index, size);
        return new AliveSet(size, words.clone());
    }

    @Override
    public String toString() {
        return count() + " of " + size;
    }
}
