package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Writes a request's head for the next hop: always HTTP/1.1, framing and connection fields our own (RFC 9110 7.6). */
public final class RequestWriter {
    private static final byte[] VERSION = Wire.ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = Wire.ascii("Host: ");
    private static final byte[] MAX_FORWARDS = Wire.ascii("Max-Forwards: ");
    private static final byte[] TE = Wire.ascii("Connection: TE\r\nTE: trailers\r\n");
    private static final byte[] WEBSOCKET_TE =
            Wire.ascii("Connection: Upgrade, TE\r\nUpgrade: websocket\r\nTE: trailers\r\n");

    private RequestWriter() {}

    /** Appends the whole head, its empty line included. */
    public static void head(RequestHead head, RequestHop hop, ByteBuf out) {
        Fields fields = head.fields();
        byte[] bytes = fields.bytes();
        Wire.range(out, bytes, 0, head.line().methodEnd);
        out.writeByte(' ');
        Wire.range(out, bytes, head.targetStart(), head.targetEnd());
        out.writeBytes(VERSION);
        if (!fields.has(FieldName.HOST)) {
            host(head, hop, out);
        }
        KeptLines lines = new KeptLines(fields, out);
        for (int field = 0; field < fields.count(); field++) {
            if (keeps(head, hop, field)) {
                lines.keep(field);
            }
        }
        lines.flush();
        ForwardedWriter.fields(head, hop, out);
        if (head.maxForwards() >= 0) {
            Wire.line(out, MAX_FORWARDS, Math.max(0, head.maxForwards() - 1));
        }
        framing(head, out);
        connection(head, out);
        out.writeBytes(Wire.LINE_END);
    }

    private static void host(RequestHead head, RequestHop hop, ByteBuf out) {
        out.writeBytes(HOST);
        if (head.hasHost()) {
            Wire.range(out, head.fields().bytes(), head.hostStart(), head.hostEnd());
        } else {
            Wire.text(out, hop.replicaAuthority());
        }
        out.writeBytes(Wire.LINE_END);
    }

    private static boolean keeps(RequestHead head, RequestHop hop, int field) {
        return switch (head.fields().name(field)) {
            case OTHER, HOST, VIA, CREDENTIAL, END_TO_END -> true;
            case NAMED -> isKey(head.fields(), hop.keyHeader(), field);
            case EXPECT -> head.minorVersion() == 1;
            case TRAILER -> head.chunked();
            case MAX_FORWARDS -> head.maxForwards() < 0;
            case X_FORWARDED, X_FORWARDED_PROTO, X_FORWARDED_HOST, FORWARDED, X_REQUEST_ID -> hop.trusted();
            case X_FORWARDED_FOR,
                    LOOK_ALIKE,
                    CONNECTION,
                    CONTENT_LENGTH,
                    TRANSFER_ENCODING,
                    TE,
                    UPGRADE,
                    KEEP_ALIVE,
                    HOP_BY_HOP -> false;
        };
    }

    private static boolean isKey(Fields fields, @Nullable String keyHeader, int field) {
        return keyHeader != null
                && Bytes.equalIgnoringCase(fields.bytes(), fields.nameStart(field), fields.nameEnd(field), keyHeader);
    }

    private static void framing(RequestHead head, ByteBuf out) {
        if (head.chunked()) {
            out.writeBytes(Wire.CHUNKED);
        } else if (head.contentLength() >= 0) {
            Wire.line(out, Wire.CONTENT_LENGTH, head.contentLength());
        }
    }

    private static void connection(RequestHead head, ByteBuf out) {
        Fields fields = head.fields();
        boolean trailers = fields.has(FieldName.TE) && head.minorVersion() == 1 && fields.hasToken("te", "trailers");
        if (head.websocket()) {
            out.writeBytes(trailers ? WEBSOCKET_TE : Wire.WEBSOCKET);
        } else if (trailers) {
            out.writeBytes(TE);
        }
    }
}
