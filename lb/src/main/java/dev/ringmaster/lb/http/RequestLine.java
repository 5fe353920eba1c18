package dev.ringmaster.lb.http;

import org.jspecify.annotations.Nullable;

/**
 * {@code method SP request-target SP HTTP-version} (RFC 9112 3) as places in the bytes of its head. The target is
 * reduced to what a replica gets: origin-form, {@code *} or, for CONNECT only, authority-form.
 */
final class RequestLine {
    private static final String SCHEME = "http://";
    private static final String VERSION = "HTTP/";

    @Nullable
    KnownMethod method;

    int methodEnd;
    int targetStart;
    int targetEnd;
    int pathEnd;
    int minorVersion;
    /** Authority of an absolute-form; empty if the target was of another form. */
    int authorityStart;

    int authorityEnd;

    /** Reads the line that lies from the start of {@code bytes} to {@code end}. */
    void parse(byte[] bytes, int end) {
        methodEnd = Bytes.find(bytes, 0, end, ' ');
        targetStart = methodEnd + 1;
        targetEnd = Bytes.find(bytes, targetStart, end, ' ');
        if (methodEnd == 0 || targetEnd >= end || !Bytes.all(bytes, 0, methodEnd, Bytes.TOKEN)) {
            throw new MalformedMessage(400, "Request line is not valid");
        }
        minorVersion = minorVersion(bytes, targetEnd + 1, end);
        method = KnownMethod.of(bytes, 0, methodEnd);
        authorityStart = 0;
        authorityEnd = 0;
        target(bytes);
        pathEnd = Bytes.find(bytes, targetStart, targetEnd, '?');
    }

    private static int minorVersion(byte[] bytes, int start, int end) {
        int digits = start + VERSION.length();
        if (end != digits + 3
                || !Bytes.equal(bytes, start, digits, VERSION)
                || Bytes.decimal(bytes, digits, digits + 1) < 0
                || bytes[digits + 1] != '.'
                || Bytes.decimal(bytes, digits + 2, end) < 0) {
            throw new MalformedMessage(400, "Request line is not valid");
        }
        if (bytes[digits] != '1' || bytes[digits + 2] > '1') {
            throw new MalformedMessage(505, "HTTP version is not supported");
        }
        return bytes[digits + 2] - '0';
    }

    private void target(byte[] bytes) {
        boolean valid = targetStart < targetEnd
                && Bytes.all(bytes, targetStart, targetEnd, Bytes.TARGET)
                && (method == KnownMethod.CONNECT
                        ? Authority.validWithPort(bytes, targetStart, targetEnd)
                        : bytes[targetStart] == '/' || asterisk(bytes) || absolute(bytes));
        if (!valid) {
            throw new MalformedMessage(400, "Request target is not valid");
        }
    }

    private boolean asterisk(byte[] bytes) {
        return method == KnownMethod.OPTIONS && Bytes.equal(bytes, targetStart, targetEnd, "*");
    }

    private boolean absolute(byte[] bytes) {
        if (!Bytes.startsIgnoringCase(bytes, targetStart, targetEnd, SCHEME)) {
            return false;
        }
        authorityStart = targetStart + SCHEME.length();
        int query = Bytes.find(bytes, authorityStart, targetEnd, '?');
        authorityEnd = Bytes.find(bytes, authorityStart, query, '/');
        targetStart = authorityEnd;
        if (!Authority.valid(bytes, authorityStart, authorityEnd)) {
            return false;
        }
        if (authorityEnd == query) {
            addPath(bytes);
        }
        return true;
    }

    /** An empty path becomes {@code /}, or {@code *} of an OPTIONS (RFC 9112 3.2.4); the slashes before leave room. */
    private void addPath(byte[] bytes) {
        boolean server = method == KnownMethod.OPTIONS && authorityEnd == targetEnd;
        System.arraycopy(bytes, authorityStart, bytes, authorityStart - 1, authorityEnd - authorityStart);
        authorityStart--;
        authorityEnd--;
        targetStart = authorityEnd;
        bytes[targetStart] = (byte) (server ? '*' : '/');
    }
}
