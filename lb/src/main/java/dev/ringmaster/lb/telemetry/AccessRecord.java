package dev.ringmaster.lb.telemetry;

import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One finished exchange as the access log tells it. Texts are as they came from the wire; the log escapes them.
 *
 * @param client address of the client, by the rules for trusted peers
 * @param time when the request's head was read
 * @param method request method; null if the head could not be read
 * @param target request target, query included; null if the head could not be read
 * @param minorVersion 0 or 1, of HTTP/1
 * @param status status sent to the client; 0 if it left before there was one
 * @param bytesSent bytes of the response's body
 * @param durationNanos from the request's head to the end of the response
 * @param replica host name of the replica that answered, or {@code -}
 * @param slot its seat, or -1
 * @param attempts replicas that were tried
 * @param referer Referer field
 * @param userAgent User-Agent field
 * @param requestId X-Request-Id as the replica saw it
 * @param host Host field
 */
public record AccessRecord(
        InetAddress client,
        Instant time,
        @Nullable String method,
        @Nullable String target,
        int minorVersion,
        int status,
        long bytesSent,
        long durationNanos,
        String replica,
        int slot,
        int attempts,
        @Nullable String referer,
        @Nullable String userAgent,
        @Nullable String requestId,
        @Nullable String host) {
    private static final int FIXED_WEIGHT = 256;

    /** About how many bytes this record keeps in memory. */
    int weight() {
        return FIXED_WEIGHT
                + length(method)
                + length(target)
                + length(referer)
                + length(userAgent)
                + length(requestId)
                + length(host);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
