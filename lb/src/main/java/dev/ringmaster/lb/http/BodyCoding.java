package dev.ringmaster.lb.http;

/** How a body's end is told to whom it is written to. */
public enum BodyCoding {
    /** No body. */
    NONE,
    /** By Content-Length. */
    LENGTH,
    /** By the last chunk. */
    CHUNKED,
    /** By the connection's end: only to clients of HTTP/1.0. */
    CLOSE
}
