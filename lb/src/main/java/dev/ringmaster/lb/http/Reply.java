package dev.ringmaster.lb.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An answer that the balancer itself makes. Immutable. */
public final class Reply {
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

    /** The same with one more field. */
    public Reply with(String name, String value) {
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

    private static void escape(StringBuilder json, char c) {
        if (c == '"' || c == '\\') {
            json.append('\\').append(c);
        } else if (c < ' ') {
            json.append(String.format("\\u%04x", (int) c));
        } else {
            json.append(c);
        }
    }
}
