package dev.ringmaster.hashing;

import java.util.List;

/** A cursor over proposals that may repeat: each node where it is proposed first, then the others by index. */
abstract class DistinctWalk<N> extends NodeWalk<N> {
    /** No more proposals. */
    static final int NONE = -1;

    /** The number of the last walk that met the node; never cleared. */
    private final long[] metIn;

    private long walk;
    private int nodesLeft;
    private int rest;

    DistinctWalk(List<N> nodes) {
        super(nodes);
        metIn = new long[nodes.size()];
    }

    /** Goes back to before the first proposal for {@code keyHash}; there is at least one node. */
    abstract void start(long keyHash);

    /** The index of a node, or {@link #NONE} from some bounded number of calls on. */
    abstract int propose();

    @Override
    public final Candidates<N> reset(long keyHash) {
        walk++;
        nodesLeft = metIn.length;
        rest = 0;
        if (nodesLeft > 0) {
            start(keyHash);
        }
        return this;
    }

    @Override
    public final int nextIndex() {
        if (nodesLeft == 0) {
            return -1;
        }
        nodesLeft--;
        for (int node = propose(); node != NONE; node = propose()) {
            if (isNew(node)) {
                return node;
            }
        }
        while (!isNew(rest)) {
            rest++;
        }
        return rest;
    }

    private boolean isNew(int node) {
        boolean isNew = metIn[node] != walk;
        metIn[node] = walk;
        return isNew;
    }
}
