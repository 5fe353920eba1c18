package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import org.jspecify.annotations.Nullable;

/** Replicas in the order in which they are to be tried. */
@FunctionalInterface
public interface Candidates {
    /** The next replica; null when there is none left. */
    @Nullable
    Replica next();
}
