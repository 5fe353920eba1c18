package dev.ringmaster.lb.http;

import org.jspecify.annotations.Nullable;

/**
 * A request's line and fields, judged by the rules of framing. One object a reader, filled anew for each request: valid
 * until {@link RequestReader#next()}.
 */
public final class RequestHead {
    private final Fields fields = new Fields(512);
    private final RequestLine line = new RequestLine();
    private long contentLength;
    private boolean chunked;
    private int options;
    private int hostStart;
    private int hostEnd;
    private boolean expectContinue;
    private int maxForwards;

    RequestHead() {}

    public Fields fields() {
        return fields;
    }

    /** The method, case-sensitive; one and the same String for each method of RFC 9110 and PATCH. */
    public String method() {
        KnownMethod known = line.method;
        return known != null ? known.name() : Bytes.string(fields.bytes(), 0, line.methodEnd);
    }

    /** Whether the method is idempotent by RFC 9110 9.2.2. */
    public boolean idempotent() {
        KnownMethod known = line.method;
        return known != null && known.idempotent;
    }

    /** 0 or 1. */
    public int minorVersion() {
        return line.minorVersion;
    }

    /** The target in origin-form, {@code *} for OPTIONS, authority-form for CONNECT; raw, with its query. */
    public String target() {
        return Bytes.string(fields.bytes(), line.targetStart, line.targetEnd);
    }

    /** Start of the target, and so of the path, in the bytes of the fields. */
    public int targetStart() {
        return line.targetStart;
    }

    public int targetEnd() {
        return line.targetEnd;
    }

    /** End of the raw path: where the query's question mark stands, or the target's end. */
    public int pathEnd() {
        return line.pathEnd;
    }

    /** The raw path without the query. */
    public String path() {
        return Bytes.string(fields.bytes(), line.targetStart, line.pathEnd);
    }

    /** Host and port as the client named them; null only in HTTP/1.0. */
    public @Nullable String host() {
        return hasHost() ? Bytes.string(fields.bytes(), hostStart, hostEnd) : null;
    }

    /** Bytes of the body, or -1 if no Content-Length was given. */
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    /** Whether a body follows; a chunked one may still be empty. */
    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** Whether the client would send another request on this connection (RFC 9112 9.3). */
    public boolean keepAlive() {
        return (options & Framing.CLOSE) == 0 && (minorVersion() == 1 || (options & Framing.KEEP_ALIVE) != 0);
    }

    /** Whether the client may wait for a 100 before its body; never in HTTP/1.0 (RFC 9110 10.1.1). */
    public boolean expectContinue() {
        return expectContinue;
    }

    /** Whether the request asks for a WebSocket in the one form that is passed on: a GET of HTTP/1.1 without a body. */
    public boolean websocket() {
        return fields.has(FieldName.UPGRADE)
                && line.method == KnownMethod.GET
                && minorVersion() == 1
                && !hasBody()
                && (options & Framing.UPGRADE) != 0
                && fields.hasToken("upgrade", "websocket");
    }

    /** Max-Forwards of an OPTIONS or TRACE, or -1 (RFC 9110 7.6.2). */
    public int maxForwards() {
        return maxForwards;
    }

    RequestLine line() {
        return line;
    }

    boolean hasHost() {
        return hostStart < hostEnd;
    }

    int hostStart() {
        return hostStart;
    }

    int hostEnd() {
        return hostEnd;
    }

    /** Judges the head once all its lines are there. */
    void complete(long maxBody) {
        judgeHost();
        contentLength = Framing.contentLength(fields);
        chunked = Framing.chunked(fields, minorVersion());
        maxForwards = readMaxForwards();
        options = Framing.connection(fields);
        if (maxBody > 0 && contentLength > maxBody) {
            throw new MalformedMessage(413, "Request body is too large");
        }
        expectContinue = readExpect();
    }

    private void judgeHost() {
        byte[] bytes = fields.bytes();
        hostStart = line.authorityStart;
        hostEnd = line.authorityEnd;
        int field = fields.has(FieldName.HOST) ? fields.find("host", 0) : -1;
        if (field < 0) {
            if (minorVersion() == 1) {
                throw new MalformedMessage(400, "Host is missing");
            }
            return;
        }
        hostStart = fields.valueStart(field);
        hostEnd = fields.valueEnd(field);
        if (!Authority.valid(bytes, hostStart, hostEnd) || fields.find("host", field + 1) >= 0) {
            throw new MalformedMessage(400, "Host is not valid");
        }
        boolean absolute = line.authorityStart < line.authorityEnd;
        if (absolute && !Authority.same(bytes, hostStart, hostEnd, line.authorityStart, line.authorityEnd)) {
            throw new MalformedMessage(400, "Host differs from the request target");
        }
    }

    private int readMaxForwards() {
        boolean honoured = line.method == KnownMethod.OPTIONS || line.method == KnownMethod.TRACE;
        if (!honoured || !fields.has(FieldName.MAX_FORWARDS)) {
            return -1;
        }
        int field = fields.find("max-forwards", 0);
        long hops = Bytes.decimal(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
        return (int) Math.min(hops, Integer.MAX_VALUE);
    }

    private boolean readExpect() {
        if (minorVersion() == 0 || !fields.has(FieldName.EXPECT)) {
            return false;
        }
        Elements expectations = new Elements(fields, "expect");
        while (expectations.next()) {
            if (!expectations.is("100-continue")) {
                throw new MalformedMessage(417, "Expectation is not supported");
            }
        }
        return true;
    }
}
