package dev.ringmaster.hashing;

/** Which server ids the classic ring gives to its nodes. */
public enum ClassicIds {
    /** The ids whose shares of the requests are the most even; see {@link ConsistentHashes#classic}. */
    BALANCED,
    /** The smallest free id, from 1. */
    LITERAL
}
