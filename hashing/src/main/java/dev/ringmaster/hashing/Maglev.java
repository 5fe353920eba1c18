package dev.ringmaster.hashing;

import java.util.Arrays;

/** Maglev hashing (Eisenbud et al. 2016, section 3.4); see {@link ConsistentHashes#maglev}. */
final class Maglev<N> extends MemberHash<N> implements BucketTable {
    private final HashOptions options;
    private final int[] table;

    Maglev(HashOptions options, Members<N> members) {
        super(members.sorted());
        this.options = options;
        table = this.members.size() == 0 ? new int[0] : fill(this.members, options.maglevTableSize());
    }

    /**
     * Each node goes through the entries in an order of its own and takes the next free one when it is its turn. In
     * every round a node earns its weight; a turn costs the greatest weight of all.
     */
    private static int[] fill(Members<?> members, int size) {
        int[] table = new int[size];
        Arrays.fill(table, RingWalk.FREE);
        int[] next = new int[members.size()];
        int[] skip = new int[members.size()];
        double[] earned = new double[members.size()];
        double price = 0;
        for (int i = 0; i < next.length; i++) {
            long seed = Mixing.seed(members.identity(i));
            next[i] = (int) Long.remainderUnsigned(seed, size);
            skip[i] = 1 + (int) Long.remainderUnsigned(Mixing.mix(seed), size - 1);
            price = Math.max(price, members.weight(i));
        }
        for (int filled = 0, i = 0; filled < size; i = (i + 1) % next.length) {
            earned[i] += members.weight(i);
            if (earned[i] >= price) {
                earned[i] -= price;
                while (table[next[i]] != RingWalk.FREE) {
                    next[i] = (int) (((long) next[i] + skip[i]) % size);
                }
                table[next[i]] = i;
                filled++;
            }
        }
        return table;
    }

    @Override
    public int ownerIndex(long keyHash) {
        requireNodes();
        return table[placeOf(keyHash)];
    }

    private int placeOf(long keyHash) {
        return (int) Math.unsignedMultiplyHigh(Mixing.spread(keyHash), table.length);
    }

    @Override
    public int buckets() {
        return options.maglevTableSize();
    }

    @Override
    public long keyHashOf(int bucket) {
        // The middle of the bucket's part of the 64-bit range, so that rounding does no harm.
        long part = Long.divideUnsigned(-1, options.maglevTableSize());
        return Mixing.unspread(bucket * part + part / 2);
    }

    @Override
    public Candidates<N> candidates() {
        return new RingWalk<>(nodes(), table, this::placeOf);
    }

    @Override
    public ConsistentHash<N> with(N node, double weight) {
        return new Maglev<>(options, members.plus(node, weight));
    }

    @Override
    public ConsistentHash<N> without(N node) {
        return new Maglev<>(options, members.minus(members.indexOf(node)));
    }
}
