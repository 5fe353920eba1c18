package dev.ringmaster.lb.http;

import org.jspecify.annotations.Nullable;

/** The methods that the balancer knows by name; any other token is passed on as it is (RFC 9110 9). */
enum KnownMethod {
    GET(true),
    HEAD(true),
    POST(false),
    PUT(true),
    DELETE(true),
    OPTIONS(true),
    PATCH(false),
    CONNECT(false),
    TRACE(true);

    private static final KnownMethod[] ALL = values();

    /** Whether a second time does what the first did (RFC 9110 9.2.2). */
    final boolean idempotent;

    KnownMethod(boolean idempotent) {
        this.idempotent = idempotent;
    }

    /** The method in a range of bytes, case-sensitive; null if it is another one. */
    static @Nullable KnownMethod of(byte[] bytes, int start, int end) {
        for (KnownMethod method : ALL) {
            if (Bytes.equal(bytes, start, end, method.name())) {
                return method;
            }
        }
        return null;
    }
}
