package dev.ringmaster.hashing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The classic ring once more, as plainly as it can be written: a map from positions to server ids. */
final class NaiveClassic {
    private final int size;
    private final int virtualNodes;
    private final Probing probing;
    private final Map<Integer, Integer> ring;

    NaiveClassic(int size, int virtualNodes, Probing probing) {
        this(size, virtualNodes, probing, new TreeMap<>());
    }

    private NaiveClassic(int size, int virtualNodes, Probing probing, Map<Integer, Integer> ring) {
        this.size = size;
        this.virtualNodes = virtualNodes;
        this.probing = probing;
        this.ring = ring;
    }

    NaiveClassic copy() {
        return new NaiveClassic(size, virtualNodes, probing, new TreeMap<>(ring));
    }

    void add(int id) {
        for (long j = 0; j < virtualNodes; j++) {
            long wanted = (long) id * id + j * j + 2 * j + 25;
            List<Long> tries = new ArrayList<>();
            for (long t = 0; t < size && probing == Probing.QUADRATIC; t++) {
                tries.add(wanted + t * t);
            }
            for (long t = 0; t < size; t++) {
                tries.add(wanted + t);
            }
            int free = tries.stream()
                    .map(position -> (int) (position % size))
                    .filter(position -> !ring.containsKey(position))
                    .findFirst()
                    .orElseThrow();
            ring.put(free, id);
        }
    }

    void remove(int id) {
        ring.values().removeIf(other -> other == id);
    }

    int smallestFree() {
        return IntStream.iterate(1, id -> id + 1)
                .filter(id -> !ring.containsValue(id))
                .findFirst()
                .orElseThrow();
    }

    int mostEvenFree() {
        return IntStream.rangeClosed(1, size)
                .filter(id -> !ring.containsValue(id))
                .boxed()
                .min(Comparator.comparingInt(id -> {
                    NaiveClassic more = copy();
                    more.add(id);
                    return more.peak();
                }))
                .orElseThrow();
    }

    int peak() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int request = 0; request < size; request++) {
            counts.merge(order(request).getFirst(), 1, Integer::sum);
        }
        return counts.values().stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    /** The server ids in the order in which they are met clockwise from the request's position. */
    List<Integer> order(long request) {
        long residue = Math.floorMod(request, size);
        long position = (residue * residue + 2 * residue + 17) % size;
        LinkedHashSet<Integer> order = new LinkedHashSet<>();
        for (int step = 0; step < size; step++) {
            Integer id = ring.get((int) ((position + step) % size));
            if (id != null) {
                order.add(id);
            }
        }
        return List.copyOf(order);
    }
}
