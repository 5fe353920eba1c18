package dev.ringmaster.lb.http;

/**
 * A response's status line and fields, judged by the rules of framing. One object a reader, filled anew for each
 * head: valid until the reader goes on to the next one.
 */
public final class ResponseHead {
    private static final String VERSION = "HTTP/1.";
    private static final int STATUS = VERSION.length() + 2;

    private final Fields fields = new Fields(512);
    private int status;
    private int minorVersion;
    private int lineEnd;
    private long contentLength;
    private boolean chunked;
    private boolean headRequest;
    private int options;

    ResponseHead() {}

    public int status() {
        return status;
    }

    /** 0 or 1. */
    public int minorVersion() {
        return minorVersion;
    }

    public Fields fields() {
        return fields;
    }

    /** Content-Length as given, or -1; that of a body which is not sent if {@link #hasBody()} says so. */
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    /** Whether the replica would take another request on this connection. */
    public boolean keepAlive() {
        return (options & Framing.CLOSE) == 0
                && (minorVersion == 1 || (options & Framing.KEEP_ALIVE) != 0)
                && !untilClose();
    }

    /** Seconds that the replica says it keeps an idle connection ({@code Keep-Alive: timeout=}), or -1. */
    public long keepAliveTimeoutSeconds() {
        if (!fields.has(FieldName.KEEP_ALIVE)) {
            return -1;
        }
        String parameter = "timeout=";
        Elements elements = new Elements(fields, "keep-alive");
        while (elements.next()) {
            if (Bytes.startsIgnoringCase(fields.bytes(), elements.start(), elements.end(), parameter)) {
                return Bytes.decimal(fields.bytes(), elements.start() + parameter.length(), elements.end());
            }
        }
        return -1;
    }

    /** Whether this is a 101 that switches to a WebSocket (RFC 6455 4.2.2). */
    public boolean websocket() {
        return status == 101 && (options & Framing.UPGRADE) != 0 && fields.hasToken("upgrade", "websocket");
    }

    /** Whether it is a 1xx, after which another head follows (a 101 excepted). */
    public boolean informational() {
        return status < 200;
    }

    /** Whether a body follows, given the method of the request; one of unknown length may still be empty. */
    public boolean hasBody() {
        return !headRequest && !informational() && status != 204 && status != 304 && contentLength != 0;
    }

    /** Whether only the end of the connection ends the body (RFC 9112 6.3). */
    public boolean untilClose() {
        return hasBody() && !chunked && contentLength < 0;
    }

    /** Where the status code starts in the bytes of the fields; the reason, maybe empty, follows it. */
    int statusStart() {
        return STATUS;
    }

    int lineEnd() {
        return lineEnd;
    }

    /** Reads the status line (RFC 9112 4), whose last space may be missing where there is no reason. */
    void line(int end) {
        byte[] bytes = fields.bytes();
        int reason = STATUS + 3;
        boolean valid = end >= reason
                && Bytes.equal(bytes, 0, VERSION.length(), VERSION)
                && (bytes[STATUS - 2] == '0' || bytes[STATUS - 2] == '1')
                && bytes[STATUS - 1] == ' '
                && (end == reason || bytes[reason] == ' ');
        status = valid ? (int) Bytes.decimal(bytes, STATUS, reason) : -1;
        if (status < 100 || status > 599) {
            throw new MalformedMessage(502, "Status line is not valid");
        }
        minorVersion = bytes[STATUS - 2] - '0';
        lineEnd = end;
    }

    /** Judges the head once all its lines are there. */
    void complete(boolean toHeadRequest) {
        headRequest = toHeadRequest;
        contentLength = Framing.contentLength(fields);
        chunked = Framing.chunked(fields, minorVersion);
        options = Framing.connection(fields);
    }
}
