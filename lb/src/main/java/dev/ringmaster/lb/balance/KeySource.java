package dev.ringmaster.lb.balance;

/**
 * The parts of one request that a key can be taken from, as places in one array so that a key is hashed where it lies. A
 * place is {@code (long) offset << 32 | length}; -1 says that the request has no such part.
 */
public interface KeySource {
    /** The array that places refer to. */
    byte[] bytes();

    /** Value of the first header field of that lower-case name. */
    long header(String lowerCaseName);

    /** The request target: path and query. */
    long uri();

    /** The path, without the query. */
    long path();

    /** The client's address in network order: 4 or 16 bytes. */
    byte[] clientAddress();

    /** A place of {@code length} bytes from {@code offset}. */
    static long place(int offset, int length) {
        return (long) offset << 32 | length;
    }
}
