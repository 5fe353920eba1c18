package dev.ringmaster.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** What is said to one request, before the connection's own headers are added. Immutable. */
final class Answer {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int DELETE = 0x7f;

    private final HttpResponseStatus status;
    /** The body: empty, or a JSON text in UTF-8. */
    private final byte[] json;

    private Answer(HttpResponseStatus status, byte[] json) {
        this.status = status;
        this.json = json;
    }

    static Answer empty() {
        return new Answer(HttpResponseStatus.OK, new byte[0]);
    }

    static Answer success(String message) {
        return new Answer(HttpResponseStatus.OK, json(message, "successful"));
    }

    /** A failure with the text {@code <Error> } and the message. */
    static Answer failure(HttpResponseStatus status, String message) {
        return new Answer(status, json("<Error> ".concat(message), "failure"));
    }

    /** The message for the wire; without its body, but with the body's headers, if it answers a HEAD. */
    FullHttpResponse response(boolean isHead) {
        ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(json);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(json.length));
        if (json.length > 0) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        }
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            headers.set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        return response;
    }

    /** The interim answer to {@code Expect: 100-continue}. */
    static FullHttpResponse goOn() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
    }

    private static byte[] json(String message, String status) {
        StringBuilder text = new StringBuilder(message.length() + 64);
        text.append("{\"message\":\"");
        escape(message, text);
        text.append("\",\"status\":\"").append(status).append("\"}");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the inside of a JSON string (RFC 8259, section 7). */
    private static void escape(String raw, StringBuilder out) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == DELETE) {
                out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xf]);
            } else {
                out.append(c);
            }
        }
    }
}
