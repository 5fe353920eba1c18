package dev.ringmaster.hashing;

import java.util.List;

/** Jump consistent hashing (Lamping and Veach 2014); see {@link ConsistentHashes#jump}. */
final class Jump<N> extends MemberHash<N> {

    Jump(Members<N> members) {
        super(members);
        members.requireUnitWeights("jump");
    }

    /** The bucket of {@code key} among {@code buckets}, as the paper gives it. */
    static int bucket(long key, int buckets) {
        long state = key;
        long bucket = -1;
        long next = 0;
        while (next < buckets) {
            bucket = next;
            state = state * 2862933555777941757L + 1;
            next = (long) ((bucket + 1) * (0x1p31 / ((state >>> 33) + 1)));
        }
        return (int) bucket;
    }

    @Override
    public int ownerIndex(long keyHash) {
        requireNodes();
        return bucket(keyHash, members.size());
    }

    @Override
    public Candidates<N> candidates() {
        return new Walk<>(nodes());
    }

    @Override
    public ConsistentHash<N> with(N node, double weight) {
        return new Jump<>(members.plus(node, weight));
    }

    @Override
    public ConsistentHash<N> without(N node) {
        return new Jump<>(members.minusWithLast(members.indexOf(node)));
    }

    /** Jumps again and again, each time with another hash of the key. */
    private static final class Walk<N> extends DistinctWalk<N> {
        private static final int TRIES_PER_NODE = 8;

        private long keyHash;
        private int tries;

        Walk(List<N> nodes) {
            super(nodes);
        }

        @Override
        void start(long newKeyHash) {
            keyHash = newKeyHash;
            tries = 0;
        }

        @Override
        int propose() {
            if (tries == TRIES_PER_NODE * nodes.size()) {
                return NONE;
            }
            long key = tries == 0 ? keyHash : Mixing.mix(keyHash + Mixing.spread(tries));
            tries++;
            return bucket(key, nodes.size());
        }
    }
}
