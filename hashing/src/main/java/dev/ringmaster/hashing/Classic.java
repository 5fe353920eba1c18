package dev.ringmaster.hashing;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The classic ring of numbered servers; see {@link ConsistentHashes#classic}. */
final class Classic<N> extends MemberHash<N> {
    /**
     * The first three ids on a ring of 512 positions with 9 virtual servers each: the published ones among those that no
     * three ids can beat. Peaks are multiples of 4 of the 512 residues, and theirs, 172, is the first above a third.
     */
    private static final int[] EVEN_TRIPLE = {17, 93, 109};

    private final HashOptions options;
    private final ClassicRing ring;

    /** The server id of the node at each index. */
    private final int[] ids;

    /** By position: the index of the node there, or {@link RingWalk#FREE}. */
    private final int[] indexes;

    /** By the residue that a request id leaves: the position it falls on, and the index of the node that owns it. */
    private final int[] positionOfResidue;

    private final int[] ownerOfResidue;

    private Classic(HashOptions options, Members<N> members, ClassicRing ring, int[] ids) {
        super(members);
        this.options = options;
        this.ring = ring;
        this.ids = ids;
        indexes = ring.indexes(ids);
        positionOfResidue = new int[indexes.length];
        ownerOfResidue = new int[indexes.length];
        for (int residue = 0; residue < indexes.length; residue++) {
            int position = ClassicRing.requestPosition(residue, indexes.length);
            positionOfResidue[residue] = position;
            ownerOfResidue[residue] = ids.length == 0 ? RingWalk.FREE : firstFrom(position);
        }
    }

    static <N> Classic<N> of(HashOptions options, Members<N> members) {
        members.requireUnitWeights("classic");
        int[] ids = new int[members.size()];
        ClassicRing ring = ClassicRing.empty(options);
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i < EVEN_TRIPLE.length && takesEvenTriple(options, ids.length)
                    ? EVEN_TRIPLE[i]
                    : freeId(options, ring);
            ring = ring.plus(ids[i]);
        }
        return new Classic<>(options, members, ring, ids);
    }

    private static boolean takesEvenTriple(HashOptions options, int nodes) {
        return options.classicIds() == ClassicIds.BALANCED
                && options.ringSize() == 512
                && options.virtualNodes() == 9
                && nodes >= EVEN_TRIPLE.length;
    }

    private static int freeId(HashOptions options, ClassicRing ring) {
        return switch (options.classicIds()) {
            case BALANCED -> ring.mostEvenFreeId();
            case LITERAL -> ring.smallestFreeId();
        };
    }

    /** The server id of the node at {@code index}. */
    int id(int index) {
        return ids[index];
    }

    @Override
    public int ownerIndex(long requestId) {
        requireNodes();
        return ownerOfResidue[residue(requestId)];
    }

    private int firstFrom(int position) {
        int at = position;
        while (indexes[at] == RingWalk.FREE) {
            at = at + 1 == indexes.length ? 0 : at + 1;
        }
        return indexes[at];
    }

    private int residue(long requestId) {
        return Math.floorMod(requestId, ownerOfResidue.length);
    }

    @Override
    public Candidates<N> candidates() {
        return new RingWalk<>(nodes(), indexes, requestId -> positionOfResidue[residue(requestId)]);
    }

    @Override
    public Classic<N> with(N node, double weight) {
        Members<N> more = members.plus(node, weight);
        more.requireUnitWeights("classic");
        int id = freeId(options, ring);
        int[] moreIds = Arrays.copyOf(ids, ids.length + 1);
        moreIds[ids.length] = id;
        return new Classic<>(options, more, ring.plus(id), moreIds);
    }

    @Override
    public Classic<N> without(N node) {
        int gone = members.indexOf(node);
        int[] fewerIds = IntStream.range(0, ids.length)
                .filter(i -> i != gone)
                .map(i -> ids[i])
                .toArray();
        return new Classic<>(options, members.minus(gone), ring.minus(ids[gone]), fewerIds);
    }
}
