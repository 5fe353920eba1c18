package dev.ringmaster.hashing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a cursor that no algorithm changes. */
abstract class NodeWalk<N> implements Candidates<N> {
    final List<N> nodes;

    NodeWalk(List<N> nodes) {
        this.nodes = nodes;
    }

    @Override
    public final @Nullable N next() {
        int index = nextIndex();
        return index < 0 ? null : nodes.get(index);
    }

    @Override
    public final int nextIndex(AliveSet alive) {
        int index = nextIndex();
        while (index >= 0 && !alive.contains(index)) {
            index = nextIndex();
        }
        return index;
    }
}
