package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyTest {
    @Test
    void error_anyText_isEscapedAndInThePublishedOrder() {
        Reply reply = Reply.error(400, "'/a\"b\\c\n\u0001\u00e9' does not exist");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.contentType()).isEqualTo("application/json");
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"message\":\"<Error> '/a\\\"b\\\\c\\u000a\\u0001\u00e9' does not exist\","
                        + "\"status\":\"failure\"}");
    }

    @Test
    void write_reply_isOneWholeResponse() {
        Reply reply = Reply.error(503, "Gone").with("Retry-After", "1").with("X", "");
        String head = lines(
                "HTTP/1.1 503 Service Unavailable",
                "Content-Type: application/json",
                "Content-Length: 45",
                "Retry-After: 1",
                "X: ");
        String body = "{\"message\":\"<Error> Gone\",\"status\":\"failure\"}";

        assertThat(written(reply, false, 1, false)).isEqualTo(head + "\r\n" + body);
        assertThat(written(reply, true, 1, false)).isEqualTo(head + "\r\n");
        assertThat(written(reply, false, 1, true)).isEqualTo(head + "Connection: close\r\n\r\n" + body);
        assertThat(written(reply, false, 0, true)).isEqualTo(head + "Connection: close\r\n\r\n" + body);
        assertThat(written(reply, false, 0, false)).isEqualTo(head + "Connection: keep-alive\r\n\r\n" + body);
        assertThat(ReadResponses.of(written(reply, false, 1, false)).body).hasToString(body);
    }

    @Test
    void with_field_leavesTheFirstReplyAsItWas() {
        Reply reply = new Reply(200, List.of(Map.entry("A", "b")), "text/plain", new byte[] {'x'});

        assertThat(reply.with("C", "d").fields()).containsExactly(Map.entry("A", "b"), Map.entry("C", "d"));
        assertThat(reply.fields()).containsExactly(Map.entry("A", "b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A b", "A:", "A\r\nB"})
    void with_nameThatIsNone_throws(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reply.error(400, "x").with(name, "value"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\u0000", "\n"})
    void with_valueOfMoreThanALine_throws(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reply.error(400, "x").with("A", value));
    }

    @ParameterizedTest
    @CsvSource({
        "200, OK",
        "400, Bad Request",
        "401, Unauthorized",
        "403, Forbidden",
        "404, Not Found",
        "405, Method Not Allowed",
        "408, Request Timeout",
        "413, Content Too Large",
        "414, URI Too Long",
        "417, Expectation Failed",
        "431, Request Header Fields Too Large",
        "500, Internal Server Error",
        "501, Not Implemented",
        "502, Bad Gateway",
        "503, Service Unavailable",
        "504, Gateway Timeout",
        "505, HTTP Version Not Supported",
        "299, ''"
    })
    void write_status_hasItsReason(int status, String reason) {
        assertThat(written(Reply.error(status, "x"), true, 1, false))
                .startsWith("HTTP/1.1 " + status + " " + reason + "\r\n");
    }

    private static String written(Reply reply, boolean head, int clientMinor, boolean close) {
        ByteBuf out = Unpooled.buffer();
        reply.write(out, head, clientMinor, close);
        return out.toString(StandardCharsets.UTF_8);
    }
}
