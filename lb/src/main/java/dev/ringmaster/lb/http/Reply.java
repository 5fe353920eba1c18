package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An answer that the balancer itself makes. Immutable. */
public final class Reply {
    private static final byte[] VERSION = Wire.ascii("HTTP/1.1 ");
    private static final byte[] CONTENT_TYPE = Wire.ascii("Content-Type: ");
    private static final byte[] SEPARATOR = Wire.ascii(": ");

    private final int status;
    private final List<Map.Entry<String, String>> fields;
    private final String contentType;
    private final byte[] body;

    /** An answer with fields of its own besides Content-Type, Content-Length and Connection. */
    public Reply(int status, List<Map.Entry<String, String>> fields, String contentType, byte[] body) {
        this.status = status;
        this.fields = List.copyOf(fields);
        this.contentType = contentType;
        this.body = body.clone();
    }

    public static Reply json(int status, byte[] body) {
        return new Reply(status, List.of(), "application/json", body);
    }

    /** {@code {"message":"<Error> text","status":"failure"}}. */
    public static Reply error(int status, String text) {
        StringBuilder json = new StringBuilder("{\"message\":\"<Error> ");
        text.chars().forEach(c -> escape(json, (char) c));
        json.append("\",\"status\":\"failure\"}");
        return json(status, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The same with one more field; {@code IllegalArgumentException} if it would not be one line. */
    public Reply with(String name, String value) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
        if (name.isEmpty()
                || !Bytes.all(nameBytes, 0, nameBytes.length, Bytes.TOKEN)
                || !Bytes.all(valueBytes, 0, valueBytes.length, Bytes.TEXT)) {
            throw new IllegalArgumentException("not a header field: '" + name + "'");
        }
        List<Map.Entry<String, String>> more = new ArrayList<>(fields);
        more.add(Map.entry(name, value));
        return new Reply(status, more, contentType, body);
    }

    public int status() {
        return status;
    }

    public List<Map.Entry<String, String>> fields() {
        return fields;
    }

    public String contentType() {
        return contentType;
    }

    public byte[] body() {
        return body.clone();
    }

    /**
     * Appends the whole response.
     *
     * @param head whether a HEAD request is answered: the body is left out, its length is not
     * @param clientMinor 0 or 1, the minor version that the client's request named
     * @param close whether the connection closes afterwards
     */
    public void write(ByteBuf out, boolean head, int clientMinor, boolean close) {
        out.writeBytes(VERSION);
        Wire.decimal(out, status);
        out.writeByte(' ');
        Wire.line(out, Wire.ascii(reason(status)), "");
        Wire.line(out, CONTENT_TYPE, contentType);
        Wire.line(out, Wire.CONTENT_LENGTH, body.length);
        for (Map.Entry<String, String> field : fields) {
            Wire.text(out, field.getKey());
            out.writeBytes(SEPARATOR);
            out.writeBytes(field.getValue().getBytes(StandardCharsets.UTF_8));
            out.writeBytes(Wire.LINE_END);
        }
        if (close) {
            out.writeBytes(Wire.CLOSE);
        } else if (clientMinor == 0) {
            out.writeBytes(Wire.KEEP_ALIVE);
        }
        out.writeBytes(Wire.LINE_END);
        if (!head) {
            out.writeBytes(body);
        }
    }

    private static void escape(StringBuilder json, char c) {
        if (c == '"' || c == '\\') {
            json.append('\\').append(c);
        } else if (c < ' ') {
            json.append(String.format("\\u%04x", (int) c));
        } else {
            json.append(c);
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
