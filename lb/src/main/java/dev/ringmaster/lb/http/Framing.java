package dev.ringmaster.lb.http;

/** Where a message ends, and its connection: RFC 9112 6 and 9, without any of the leniency that they allow. */
final class Framing {
    static final int CLOSE = 1;
    static final int KEEP_ALIVE = 2;
    static final int UPGRADE = 4;

    /** Bounds the work of matching options with fields. */
    private static final int MOST_OPTIONS = 64;

    private Framing() {}

    /** The one Content-Length in bytes, or -1. */
    static long contentLength(Fields fields) {
        if (!fields.has(FieldName.CONTENT_LENGTH)) {
            return -1;
        }
        int field = fields.find("content-length", 0);
        long length = Bytes.decimal(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
        if (length < 0 || fields.find("content-length", field + 1) >= 0) {
            throw new MalformedMessage(400, "Content-Length is not valid");
        }
        return length;
    }

    /** Whether the message is chunked; every other use of Transfer-Encoding is a fault. */
    static boolean chunked(Fields fields, int minorVersion) {
        if (!fields.has(FieldName.TRANSFER_ENCODING)) {
            return false;
        }
        if (minorVersion == 0) {
            throw new MalformedMessage(400, "Transfer-Encoding is not allowed in HTTP/1.0");
        }
        if (fields.has(FieldName.CONTENT_LENGTH)) {
            throw new MalformedMessage(400, "Content-Length is not allowed with Transfer-Encoding");
        }
        boolean chunked = false;
        boolean others = false;
        Elements codings = new Elements(fields, "transfer-encoding");
        while (codings.next()) {
            if (chunked || codings.isEmpty()) {
                throw notValid();
            }
            chunked = codings.is("chunked");
            others |= !chunked;
        }
        if (!chunked) {
            throw notValid();
        }
        if (others) {
            throw new MalformedMessage(501, "Transfer-Encoding is not supported");
        }
        return true;
    }

    /** The known Connection options as bits; marks the fields that the others name. */
    static int connection(Fields fields) {
        if (!fields.has(FieldName.CONNECTION)) {
            return 0;
        }
        int known = 0;
        Elements options = new Elements(fields, "connection");
        for (int seen = 0; options.next(); seen++) {
            if (seen == MOST_OPTIONS) {
                throw new MalformedMessage(400, "Connection has too many options");
            }
            known |= options.isEmpty() ? 0 : option(fields, options);
        }
        return known;
    }

    private static int option(Fields fields, Elements options) {
        if (options.is("close")) {
            return CLOSE;
        }
        return switch (FieldName.of(fields.bytes(), options.start(), options.end())) {
            case KEEP_ALIVE -> KEEP_ALIVE;
            case UPGRADE -> UPGRADE;
            case CONTENT_LENGTH, TRANSFER_ENCODING, HOST ->
                throw new MalformedMessage(400, "Connection names a field that may not be removed");
            default -> {
                fields.named(options.start(), options.end());
                yield 0;
            }
        };
    }

    private static MalformedMessage notValid() {
        return new MalformedMessage(400, "Transfer-Encoding is not valid");
    }
}
