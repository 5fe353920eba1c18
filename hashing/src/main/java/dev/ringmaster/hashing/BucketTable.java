package dev.ringmaster.hashing;

/** A hash that sees no more of a key than one of a fixed number of equally likely buckets. */
interface BucketTable {

    int buckets();

    /** A key hash that falls into {@code bucket}. */
    long keyHashOf(int bucket);
}
