package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;

/** Writes a response's head for the client: always HTTP/1.1, framing and connection fields our own (RFC 9110 7.6). */
public final class ResponseWriter {
    private static final byte[] VERSION = Wire.ascii("HTTP/1.1 ");

    private ResponseWriter() {}

    /** How the body's end is told to a client that asked by HEAD or not, in HTTP/1.0 or 1.1. */
    public static BodyCoding coding(ResponseHead head, boolean headRequest, int clientMinor) {
        if (headRequest || !head.hasBody()) {
            return BodyCoding.NONE;
        }
        if (head.contentLength() >= 0) {
            return BodyCoding.LENGTH;
        }
        return clientMinor == 1 ? BodyCoding.CHUNKED : BodyCoding.CLOSE;
    }

    /** Appends the whole head, its empty line included. */
    public static void head(ResponseHead head, ResponseHop hop, ByteBuf out) {
        Fields fields = head.fields();
        statusLine(head, out);
        KeptLines lines = new KeptLines(fields, out);
        for (int field = 0; field < fields.count(); field++) {
            if (keeps(fields.name(field), hop)) {
                lines.keep(field);
            }
        }
        lines.flush();
        if (!hop.added().isEmpty()) {
            Wire.text(out, hop.added());
        }
        framing(head, hop, out);
        connection(head, hop, out);
        out.writeBytes(Wire.LINE_END);
    }

    private static void statusLine(ResponseHead head, ByteBuf out) {
        int reason = head.statusStart() + 3;
        out.writeBytes(VERSION);
        Wire.range(out, head.fields().bytes(), head.statusStart(), head.lineEnd());
        if (head.lineEnd() == reason) {
            out.writeByte(' ');
        }
        out.writeBytes(Wire.LINE_END);
    }

    private static boolean keeps(FieldName name, ResponseHop hop) {
        return switch (name) {
            case NAMED, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, TE, UPGRADE, KEEP_ALIVE, HOP_BY_HOP -> false;
            case TRAILER -> hop.coding() == BodyCoding.CHUNKED;
            default -> true;
        };
    }

    /** A length is told even where no body follows (HEAD, 304), but never in a 1xx or 204 (RFC 9110 8.6). */
    private static void framing(ResponseHead head, ResponseHop hop, ByteBuf out) {
        boolean lengthless = head.informational() || head.status() == 204;
        if (hop.coding() == BodyCoding.CHUNKED) {
            out.writeBytes(Wire.CHUNKED);
        } else if (head.contentLength() >= 0 && !lengthless) {
            Wire.line(out, Wire.CONTENT_LENGTH, head.contentLength());
        }
    }

    private static void connection(ResponseHead head, ResponseHop hop, ByteBuf out) {
        if (head.informational()) {
            if (head.websocket()) {
                out.writeBytes(Wire.WEBSOCKET);
            }
        } else if (hop.close() || hop.coding() == BodyCoding.CLOSE) {
            out.writeBytes(Wire.CLOSE);
        } else if (hop.clientMinor() == 0) {
            out.writeBytes(Wire.KEEP_ALIVE);
        }
    }
}
