package dev.ringmaster.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which answer a well-formed request gets: a pure function of its method and target. */
final class Answers {
    private static final Answer MALFORMED = Answer.failure(HttpResponseStatus.BAD_REQUEST, "Malformed request");
    static final Answer BODY_TOO_LARGE =
            Answer.failure(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "Request body is too large");
    private static final Answer TARGET_TOO_LONG =
            Answer.failure(HttpResponseStatus.REQUEST_URI_TOO_LONG, "Request target is too long");
    private static final Answer HEADERS_TOO_LARGE =
            Answer.failure(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Request headers are too large");
    private static final Answer UNKNOWN_EXPECTATION =
            Answer.failure(HttpResponseStatus.EXPECTATION_FAILED, "Expectation is not supported");
    private static final Answer UNKNOWN_VERSION =
            Answer.failure(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP version is not supported");

    private static final Answer HEARTBEAT = Answer.empty();
    private static final Answer METHOD_NOT_ALLOWED =
            Answer.failure(HttpResponseStatus.METHOD_NOT_ALLOWED, "Method not allowed");

    private final Answer home;

    Answers(String id) {
        home = Answer.success("Hello from Server: ".concat(id));
    }

    Answer to(HttpMethod method, String target) {
        String path = path(target);
        boolean isHome = path.equals("/home");
        if (!isHome && !path.equals("/heartbeat")) {
            return unknown(path);
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return METHOD_NOT_ALLOWED;
        }
        return isHome ? home : HEARTBEAT;
    }

    /** Whether this is the greeting, the one answer that a configured delay holds back. */
    boolean isHome(Answer answer) {
        return answer == home;
    }

    /** The answer to what the decoder gave up on. */
    static Answer toMalformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return TARGET_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? HEADERS_TOO_LARGE : MALFORMED;
    }

    /** The answer to a head that rules the request out before its body is read, or null if all is well. */
    static @Nullable Answer toFaulty(HttpRequest head) {
        HttpVersion version = head.protocolVersion();
        if (version.majorVersion() != 1) {
            return UNKNOWN_VERSION;
        }
        HttpHeaders headers = head.headers();
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && version.minorVersion() > 0)) {
            return MALFORMED;
        }
        if (HttpUtil.getContentLength(head, 0L) > HelloHandler.MAX_BODY_BYTES) {
            return BODY_TOO_LARGE;
        }
        boolean expects = version.minorVersion() > 0 && headers.contains(HttpHeaderNames.EXPECT);
        return expects && !HttpUtil.is100ContinueExpected(head) ? UNKNOWN_EXPECTATION : null;
    }

    /** The codec reads bytes as Latin-1; a path that was sent as raw UTF-8 is given back as it was. */
    private static Answer unknown(String path) {
        String shown = new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return Answer.failure(
                HttpResponseStatus.BAD_REQUEST,
                "'".concat(shown).concat("' endpoint does not exist in server replicas"));
    }

    /** The target without query, and without scheme and authority where it is in absolute form (RFC 9112, 3.2.2). */
    private static String path(String target) {
        int query = target.indexOf('?');
        String whole = query < 0 ? target : target.substring(0, query);
        if (!whole.regionMatches(true, 0, "http://", 0, 7)) {
            return whole;
        }
        int path = whole.indexOf('/', 7);
        return path < 0 ? "/" : whole.substring(path);
    }
}
