package dev.ringmaster.hashing;

import org.jspecify.annotations.Nullable;

/**
 * A reusable cursor over the nodes in one key's order of preference: its home first, then every other node exactly once.
 *
 * <p>Failover, spilling under load and hedging are all a further step of the same walk. A cursor is bound to the
 * {@link ConsistentHash} it came from, is not thread-safe, and allocates nothing after its creation.
 */
public interface Candidates<N> {

    /** Goes back to before the home of {@code keyHash}; to be called before the first step. Returns this cursor. */
    Candidates<N> reset(long keyHash);

    /** The index of the next node, or -1 when every node was given. */
    int nextIndex();

    /** The next node, or null when every node was given. */
    @Nullable
    N next();

    /** The index of the next node that {@code alive} contains, or -1; the nodes passed over do not come again. */
    int nextIndex(AliveSet alive);
}
