package dev.ringmaster.hashing;

import java.util.Arrays;

/** A binary heap of longs, the least on top; it grows as needed. */
final class LongHeap {
    private long[] values = new long[64];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        int at = size++;
        while (at > 0 && values[(at - 1) / 2] > value) {
            values[at] = values[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        values[at] = value;
    }

    /** Takes the least value out; the heap must not be empty. */
    long removeLeast() {
        long least = values[0];
        long value = values[--size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && values[child + 1] < values[child]) {
                child++;
            }
            if (values[child] >= value) {
                break;
            }
            values[at] = values[child];
            at = child;
        }
        values[at] = value;
        return least;
    }
}
