package dev.ringmaster.hashing;

import java.util.Arrays;

/**
 * The positions of the classic ring and the server ids on them; immutable.
 *
 * <p>Request {@code i} falls on position {@code i² + 2i + 17}, virtual server {@code j} of server {@code i} wants
 * position {@code i² + j² + 2j + 25}, all modulo the size of the ring.
 */
final class ClassicRing {
    private static final int FREE = 0;

    private final int virtualNodes;
    private final Probing probing;

    /** By position: a server id, from 1, or {@link #FREE}. */
    private final int[] ids;

    /** By position: how many of the residues that a request id can leave fall there. */
    private final int[] requests;

    private ClassicRing(int virtualNodes, Probing probing, int[] ids, int[] requests) {
        this.virtualNodes = virtualNodes;
        this.probing = probing;
        this.ids = ids;
        this.requests = requests;
    }

    static ClassicRing empty(HashOptions options) {
        int[] requests = new int[options.ringSize()];
        for (int residue = 0; residue < requests.length; residue++) {
            requests[requestPosition(residue, requests.length)]++;
        }
        return new ClassicRing(options.virtualNodes(), options.probing(), new int[requests.length], requests);
    }

    static int requestPosition(long residue, int size) {
        return (int) ((residue * residue + 2 * residue + 17) % size);
    }

    int size() {
        return ids.length;
    }

    /** By position: where in {@code order} its server id stands, or {@link RingWalk#FREE}. */
    int[] indexes(int[] order) {
        int[] indexes = new int[size()];
        Arrays.fill(indexes, RingWalk.FREE);
        for (int i = 0; i < order.length; i++) {
            for (int position = 0; position < ids.length; position++) {
                if (ids[position] == order[i]) {
                    indexes[position] = i;
                }
            }
        }
        return indexes;
    }

    private boolean holds(int id) {
        return Arrays.stream(ids).anyMatch(other -> other == id);
    }

    /** This ring and the virtual servers of {@code id}; an {@link IllegalArgumentException} if there is no room. */
    ClassicRing plus(int id) {
        if (Arrays.stream(ids).filter(other -> other == FREE).count() < virtualNodes) {
            throw new IllegalArgumentException("The classic ring is full: %d positions hold at most %d nodes of %d"
                    .formatted(size(), size() / virtualNodes, virtualNodes));
        }
        int[] copy = ids.clone();
        for (int j = 0; j < virtualNodes; j++) {
            copy[freePosition(copy, wantedPosition(id, j))] = id;
        }
        return new ClassicRing(virtualNodes, probing, copy, requests);
    }

    /** This ring less the virtual servers of {@code id}: the others stay where they are. */
    ClassicRing minus(int id) {
        int[] copy = Arrays.stream(ids).map(other -> other == id ? FREE : other).toArray();
        return new ClassicRing(virtualNodes, probing, copy, requests);
    }

    int smallestFreeId() {
        int id = 1;
        while (holds(id)) {
            id++;
        }
        return id;
    }

    /** The lowest id not in use among those that make the peak of the requests over the servers the smallest. */
    int mostEvenFreeId() {
        boolean[] tried = new boolean[size()];
        int best = 0;
        int bestPeak = Integer.MAX_VALUE;
        for (int id = 1; id <= size(); id++) {
            // Ids with equal squares want the same positions, so only the lowest free one of them matters.
            int square = (int) ((long) id * id % size());
            if (tried[square] || holds(id)) {
                continue;
            }
            tried[square] = true;
            int peak = plus(id).peak();
            if (peak < bestPeak) {
                best = id;
                bestPeak = peak;
            }
        }
        return best;
    }

    /** The most request residues that one server owns; the ring must not be empty. */
    int peak() {
        int[] counts = new int[size() + 1];
        int owner = FREE;
        // Two rounds against the clock: the first finds out whose the last free positions are.
        for (int step = 2 * size() - 1; step >= 0; step--) {
            int position = step % size();
            owner = ids[position] == FREE ? owner : ids[position];
            counts[owner] += step < size() ? requests[position] : 0;
        }
        return Arrays.stream(counts).max().orElseThrow();
    }

    private int wantedPosition(long id, long j) {
        return (int) ((id * id + j * j + 2 * j + 25) % size());
    }

    // Bounded: plus() has made sure that a position is free.
    private int freePosition(int[] taken, int wanted) {
        if (probing == Probing.QUADRATIC) {
            for (long step = 0; step < taken.length; step++) {
                int position = (int) ((wanted + step * step) % taken.length);
                if (taken[position] == FREE) {
                    return position;
                }
            }
        }
        int position = wanted;
        while (taken[position] != FREE) {
            position = position + 1 == taken.length ? 0 : position + 1;
        }
        return position;
    }
}
