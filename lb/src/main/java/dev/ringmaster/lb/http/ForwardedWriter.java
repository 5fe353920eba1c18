package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;

/**
 * The fields that tell a replica who sent the request, and how: X-Forwarded-*, Forwarded (RFC 7239), Via (RFC 9110
 * 7.6.3), X-Request-Id. A trusted peer's word is kept or added to, anyone else's is replaced.
 */
final class ForwardedWriter {
    private static final byte[] FOR = Wire.ascii("X-Forwarded-For: ");
    private static final byte[] PROTO = Wire.ascii("X-Forwarded-Proto: ");
    private static final byte[] HOST = Wire.ascii("X-Forwarded-Host: ");
    private static final byte[] FORWARDED_FOR = Wire.ascii("Forwarded: for=");
    private static final byte[] FORWARDED_FOR_QUOTED = Wire.ascii("Forwarded: for=\"[");
    private static final byte[] QUOTED_END = Wire.ascii("]\"");
    private static final byte[] FORWARDED_HOST = Wire.ascii(";host=\"");
    private static final byte[] FORWARDED_PROTO = Wire.ascii("\";proto=");
    private static final byte[] FORWARDED_PROTO_ONLY = Wire.ascii(";proto=");
    private static final byte[] REQUEST_ID = Wire.ascii("X-Request-Id: ");
    private static final byte[] VIA = Wire.ascii("Via: 1.");

    private ForwardedWriter() {}

    static void fields(RequestHead head, RequestHop hop, ByteBuf out) {
        if (hop.trusted()) {
            origin(head, hop, out);
        } else {
            hop.peer().write(head, hop, out);
        }
        if (missing(head.fields(), hop, FieldName.X_REQUEST_ID)) {
            Wire.line(out, REQUEST_ID, hop.requestId());
        }
    }

    /** All but the request's identity: the same for all requests of an untrusted peer to one host. */
    static void origin(RequestHead head, RequestHop hop, ByteBuf out) {
        Fields fields = head.fields();
        out.writeBytes(FOR);
        if (hop.trusted() && fields.has(FieldName.X_FORWARDED_FOR)) {
            earlier(fields, out);
        }
        hop.peer().writeAddress(out);
        out.writeBytes(Wire.LINE_END);
        if (missing(fields, hop, FieldName.X_FORWARDED_PROTO)) {
            Wire.line(out, PROTO, hop.scheme());
        }
        if (head.hasHost() && missing(fields, hop, FieldName.X_FORWARDED_HOST)) {
            out.writeBytes(HOST);
            Wire.range(out, fields.bytes(), head.hostStart(), head.hostEnd());
            out.writeBytes(Wire.LINE_END);
        }
        if (!hop.trusted()) {
            forwarded(head, hop, out);
        }
        out.writeBytes(VIA);
        out.writeByte('0' + head.minorVersion());
        out.writeByte(' ');
        Wire.text(out, hop.via());
        out.writeBytes(Wire.LINE_END);
    }

    private static boolean missing(Fields fields, RequestHop hop, FieldName name) {
        return !hop.trusted() || !fields.has(name);
    }

    /** All that was said before as one list: many servers read only the first of several fields. */
    private static void earlier(Fields fields, ByteBuf out) {
        String name = "x-forwarded-for";
        for (int field = fields.find(name, 0); field >= 0; field = fields.find(name, field + 1)) {
            if (fields.valueStart(field) < fields.valueEnd(field)) {
                Wire.range(out, fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
                out.writeBytes(Wire.LIST_SEPARATOR);
            }
        }
    }

    /** Never beside a trusted peer's X-Forwarded-For: this one would hide the client behind the peer. */
    private static void forwarded(RequestHead head, RequestHop hop, ByteBuf out) {
        boolean quoted = hop.peer().address() instanceof Inet6Address;
        out.writeBytes(quoted ? FORWARDED_FOR_QUOTED : FORWARDED_FOR);
        hop.peer().writeAddress(out);
        if (quoted) {
            out.writeBytes(QUOTED_END);
        }
        if (head.hasHost()) {
            out.writeBytes(FORWARDED_HOST);
            Wire.range(out, head.fields().bytes(), head.hostStart(), head.hostEnd());
            out.writeBytes(FORWARDED_PROTO);
        } else {
            out.writeBytes(FORWARDED_PROTO_ONLY);
        }
        Wire.text(out, hop.scheme());
        out.writeBytes(Wire.LINE_END);
    }
}
