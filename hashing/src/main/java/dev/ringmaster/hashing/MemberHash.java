package dev.ringmaster.hashing;

import java.util.List;

/** What every algorithm has: its members. */
abstract class MemberHash<N> implements ConsistentHash<N> {
    final Members<N> members;

    MemberHash(Members<N> members) {
        this.members = members;
    }

    @Override
    public final List<N> nodes() {
        return members.nodes();
    }

    @Override
    public final double weight(int index) {
        return members.weight(index);
    }

    final void requireNodes() {
        if (members.size() == 0) {
            throw new IllegalStateException("There are no nodes");
        }
    }
}
