package dev.ringmaster.hashing;

import java.util.List;
import java.util.function.LongToIntFunction;

/** A cursor that goes once around a ring of node indexes, clockwise from where the key falls. */
final class RingWalk<N> extends DistinctWalk<N> {
    /** A place of the ring that no node has. */
    static final int FREE = -1;

    private final int[] ring;
    private final LongToIntFunction placeOfKey;
    private int place;
    private int placesLeft;

    RingWalk(List<N> nodes, int[] ring, LongToIntFunction placeOfKey) {
        super(nodes);
        this.ring = ring;
        this.placeOfKey = placeOfKey;
    }

    @Override
    void start(long keyHash) {
        place = placeOfKey.applyAsInt(keyHash);
        placesLeft = ring.length;
    }

    @Override
    int propose() {
        while (placesLeft > 0) {
            int node = ring[place];
            place = place + 1 == ring.length ? 0 : place + 1;
            placesLeft--;
            if (node != FREE) {
                return node;
            }
        }
        return NONE;
    }
}
