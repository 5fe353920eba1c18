package dev.ringmaster.lb.http;

/** The {@code host[:port]} of a Host field or a request target (RFC 3986 3.2, RFC 9110 7.2). */
final class Authority {
    private static final int HTTP_PORT = 80;

    private Authority() {}

    /** Whether the range is a host with or without a port; user information is none. */
    static boolean valid(byte[] bytes, int start, int end) {
        int hostEnd = hostEnd(bytes, start, end);
        boolean literal = start < hostEnd && bytes[start] == '[';
        boolean host = literal ? literal(bytes, start, hostEnd) : name(bytes, start, hostEnd);
        return host && (hostEnd == end || (bytes[hostEnd] == ':' && port(bytes, hostEnd + 1, end)));
    }

    /** The same, but with a port that is not empty, as CONNECT wants it (RFC 9112 3.2.3). */
    static boolean validWithPort(byte[] bytes, int start, int end) {
        return valid(bytes, start, end) && hostEnd(bytes, start, end) < end - 1;
    }

    /** Whether two valid authorities of scheme http are one: case does not matter, nor does a port 80 left out. */
    static boolean same(byte[] bytes, int start, int end, int otherStart, int otherEnd) {
        return Bytes.sameIgnoringCase(
                bytes, start, plainEnd(bytes, start, end), otherStart, plainEnd(bytes, otherStart, otherEnd));
    }

    private static int plainEnd(byte[] bytes, int start, int end) {
        int hostEnd = hostEnd(bytes, start, end);
        boolean standard = hostEnd + 1 >= end || Bytes.decimal(bytes, hostEnd + 1, end) == HTTP_PORT;
        return standard ? hostEnd : end;
    }

    private static int hostEnd(byte[] bytes, int start, int end) {
        if (start < end && bytes[start] == '[') {
            return Math.min(end, Bytes.find(bytes, start, end, ']') + 1);
        }
        return Bytes.find(bytes, start, end, ':');
    }

    private static boolean literal(byte[] bytes, int start, int end) {
        if (end - start < 4 || bytes[end - 1] != ']') {
            return false;
        }
        for (int at = start + 1; at < end - 1; at++) {
            if (!Bytes.is(bytes[at], Bytes.HEX) && bytes[at] != ':' && bytes[at] != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean name(byte[] bytes, int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] == '%') {
                if (at + 2 >= end || !Bytes.all(bytes, at + 1, at + 3, Bytes.HEX)) {
                    return false;
                }
                at += 2;
            } else if (!Bytes.is(bytes[at], Bytes.HOST)) {
                return false;
            }
        }
        return start < end;
    }

    private static boolean port(byte[] bytes, int start, int end) {
        if (start == end) {
            return true;
        }
        long port = Bytes.decimal(bytes, start, end);
        return port >= 0 && port <= 0xffff && end - start <= 5;
    }
}
