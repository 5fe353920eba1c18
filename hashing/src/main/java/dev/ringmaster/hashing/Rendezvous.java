package dev.ringmaster.hashing;

/** Exact weighted rendezvous hashing: O(n) a step, no table. */
final class Rendezvous<N> extends MemberHash<N> {
    private final RendezvousOrder order;

    Rendezvous(Members<N> members) {
        super(members.sorted());
        order = new RendezvousOrder(this.members);
    }

    @Override
    public int ownerIndex(long keyHash) {
        requireNodes();
        return order.first(keyHash);
    }

    @Override
    public Candidates<N> candidates() {
        return new Walk<>(this);
    }

    @Override
    public ConsistentHash<N> with(N node, double weight) {
        return new Rendezvous<>(members.plus(node, weight));
    }

    @Override
    public ConsistentHash<N> without(N node) {
        return new Rendezvous<>(members.minus(members.indexOf(node)));
    }

    private static final class Walk<N> extends NodeWalk<N> {
        private final RendezvousOrder order;
        private long keyHash;
        private int given;
        private int last;

        Walk(Rendezvous<N> hash) {
            super(hash.nodes());
            order = hash.order;
            given = nodes.size();
        }

        @Override
        public Candidates<N> reset(long newKeyHash) {
            keyHash = newKeyHash;
            given = 0;
            last = -1;
            return this;
        }

        @Override
        public int nextIndex() {
            if (given == nodes.size()) {
                return -1;
            }
            given++;
            last = order.firstAfter(keyHash, last);
            return last;
        }
    }
}
