package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the proxy itself has to say about a request. */
final class OwnReplies {
    private static final Reply NOT_ALLOWED =
            Reply.error(405, "Method not allowed").with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    private static final Reply LAST_HOP = Reply.json(
            200,
            "{\"message\":\"Max-Forwards reached\",\"status\":\"successful\"}".getBytes(StandardCharsets.US_ASCII));

    private OwnReplies() {}

    /** The reply to a request that no replica gets to see (RFC 9110 7.6.2, 9.3.6, 9.3.8); null for any other. */
    static @Nullable Reply to(RequestHead head) {
        return switch (head.method()) {
            case "CONNECT", "TRACE" -> NOT_ALLOWED;
            case "OPTIONS" -> head.maxForwards() == 0 ? LAST_HOP : null;
            default -> null;
        };
    }

    /** What the classic interface says in the place of a 404. */
    static Reply notFound(RequestHead head) {
        return Reply.error(400, "'" + head.path() + "' endpoint does not exist in server replicas");
    }
}
