package dev.ringmaster.hashing;

/** A table of buckets, ranked by rendezvous and capped; see {@link ConsistentHashes#cappedRendezvous}. */
final class CappedRendezvous<N> extends MemberHash<N> implements BucketTable {
    private static final int NONE = CappedAssignment.NONE;

    private final HashOptions options;
    private final RendezvousOrder order;
    private final int shift;

    /** By bucket, as unsigned shorts: its owner, and the first two others of its rendezvous order. */
    private final short[] owners;

    private final short[] second;
    private final short[] third;

    CappedRendezvous(HashOptions options, Members<N> members) {
        super(members.sorted());
        this.options = options;
        if (members.size() >= NONE) {
            throw new IllegalArgumentException("A capped-rendezvous table takes fewer than 65535 nodes");
        }
        order = new RendezvousOrder(this.members);
        shift = Long.SIZE - Integer.numberOfTrailingZeros(options.buckets());
        if (members.size() == 0) {
            owners = new short[0];
            second = owners;
            third = owners;
        } else {
            CappedAssignment assignment = new CappedAssignment(order, this.members, options);
            owners = assignment.owners;
            second = assignment.second;
            third = assignment.third;
        }
    }

    @Override
    public int ownerIndex(long keyHash) {
        requireNodes();
        return owners[bucketOf(keyHash)] & NONE;
    }

    private int bucketOf(long keyHash) {
        return (int) (Mixing.spread(keyHash) >>> shift);
    }

    @Override
    public int buckets() {
        return options.buckets();
    }

    @Override
    public long keyHashOf(int bucket) {
        return Mixing.unspread((long) bucket << shift);
    }

    @Override
    public Candidates<N> candidates() {
        return new Walk<>(this);
    }

    @Override
    public ConsistentHash<N> with(N node, double weight) {
        return new CappedRendezvous<>(options, members.plus(node, weight));
    }

    @Override
    public ConsistentHash<N> without(N node) {
        return new CappedRendezvous<>(options, members.minus(members.indexOf(node)));
    }

    /** The owner, then the bucket's rendezvous order less the owner; only the first three come from the table. */
    private static final class Walk<N> extends NodeWalk<N> {
        private final CappedRendezvous<N> hash;
        private int bucket;
        private int given;
        private int last;

        Walk(CappedRendezvous<N> hash) {
            super(hash.nodes());
            this.hash = hash;
            given = nodes.size();
        }

        @Override
        public Candidates<N> reset(long keyHash) {
            bucket = hash.bucketOf(keyHash);
            given = 0;
            return this;
        }

        @Override
        public int nextIndex() {
            if (given == nodes.size()) {
                return -1;
            }
            last = switch (given++) {
                case 0 -> hash.owners[bucket] & NONE;
                case 1 -> hash.second[bucket] & NONE;
                case 2 -> hash.third[bucket] & NONE;
                default -> afterLast();
            };
            return last;
        }

        private int afterLast() {
            int next = hash.order.firstAfter(bucket, last);
            return next == (hash.owners[bucket] & NONE) ? hash.order.firstAfter(bucket, next) : next;
        }
    }
}
