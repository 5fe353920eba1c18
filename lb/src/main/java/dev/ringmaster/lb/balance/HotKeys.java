package dev.ringmaster.lb.balance;

import dev.ringmaster.hashing.Candidates;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keys with so many requests that one slot is too little for them, each with what it needs as a part of the whole pool:
 * it gets the first serving slots of its own order whose shares come up to that, so that every event loop takes the same.
 * Immutable.
 */
final class HotKeys {
    static final HotKeys NONE = new HotKeys(Map.of());
    /** Shares are sums of fractions. */
    private static final double ROUNDING = 1e-9;

    private final long[] keys;
    private final double[] needs;

    HotKeys(Map<Long, Double> needs) {
        Map<Long, Double> sorted = new TreeMap<>(needs);
        this.keys = sorted.keySet().stream().mapToLong(Long::longValue).toArray();
        this.needs = sorted.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    int size() {
        return keys.length;
    }

    /** What a key needs; 0 of one that is not hot. */
    double need(long key) {
        int index = keys.length == 0 ? -1 : Arrays.binarySearch(keys, key);
        return index < 0 ? 0 : needs[index];
    }

    /** How many of a window's requests were of hot keys. */
    long requests(KeySketch.Window window) {
        return window.counts().stream()
                .filter(count -> need(count.key()) > 0)
                .mapToLong(KeySketch.Window.Count::fresh)
                .sum();
    }

    /** Whether a need is met of which so much is left. */
    static boolean met(double left) {
        return left <= ROUNDING;
    }

    /** How many slots of this table a key has that needs so much; at least one if any serves. */
    static int slots(RoutingTable table, long key, double need) {
        Candidates<Integer> order = table.hash().candidates().reset(key);
        double left = need;
        int slots = 0;
        for (int index = order.nextIndex(table.alive()); index >= 0; index = order.nextIndex(table.alive())) {
            int position = table.positionOf(index);
            if (table.takes(position, key)) {
                left -= table.share(position);
                slots++;
            }
            if (met(left)) {
                break;
            }
        }
        return slots;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HotKeys hot && Arrays.equals(hot.keys, keys) && Arrays.equals(hot.needs, needs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(keys);
    }
}
