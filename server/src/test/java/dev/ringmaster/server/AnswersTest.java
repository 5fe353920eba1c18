package dev.ringmaster.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswersTest {
    private final Answers answers = new Answers("S1");

    @ParameterizedTest
    @ValueSource(strings = {"/home", "/home?", "/home?a=/b", "http://any.host/home", "HTTP://any.host:80/home?q"})
    void home_anyFormOfTarget_greetsWithId(String target) {
        FullHttpResponse response = to("GET", target);

        assertThat(response.status().code()).isEqualTo(200);
        assertThat(body(response)).isEqualTo("{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"}");
        assertThat(response.headers().get("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void heartbeat_get_isEmpty() {
        FullHttpResponse response = to("GET", "/heartbeat");

        assertThat(response.status().code()).isEqualTo(200);
        assertThat(body(response)).isEmpty();
        assertThat(response.headers().get("Content-Length")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "/other,                /other",
        "/other?secret=1,       /other",
        "/,                     /",
        "/home/,                /home/",
        "/Home,                 /Home",
        "/%68ome,               /%68ome",
        "//home,                //home",
        "/a%22%5C%00,           /a%22%5C%00",
        "*,                     *",
        "http://any.host,       /",
        "http://any.host/x?y,   /x",
        "http://any.host?a=/home, /",
    })
    void unknownPath_anyMethod_isNamedWithoutQuery(String target, String shown) {
        for (String method : new String[] {"GET", "POST", "OPTIONS"}) {
            FullHttpResponse response = to(method, target);

            assertThat(response.status().code()).isEqualTo(400);
            assertThat(body(response))
                    .isEqualTo("{\"message\":\"<Error> '" + shown
                            + "' endpoint does not exist in server replicas\",\"status\":\"failure\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"POST /home", "DELETE /home", "PUT /heartbeat", "OPTIONS /heartbeat", "get /home"})
    void knownPath_otherMethod_isNotAllowed(String method, String target) {
        FullHttpResponse response = to(method, target);

        assertThat(response.status().code()).isEqualTo(405);
        assertThat(response.headers().get("Allow")).isEqualTo("GET, HEAD");
        assertThat(body(response)).isEqualTo("{\"message\":\"<Error> Method not allowed\",\"status\":\"failure\"}");
    }

    @Test
    void unknownPath_withJsonSyntaxAndControls_isEscaped() {
        assertThat(body(to("GET", "/a\"b\\c\u0001\u001f\u007f\t'")))
                .contains("'/a\\\"b\\\\c\\u0001\\u001f\\u007f\\u0009''");
    }

    @Test
    void unknownPath_inRawUtf8_isGivenBackAsItWas() {
        String asCodecReadsIt = new String("/größe€".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(body(to("GET", asCodecReadsIt))).contains("'/größe€'");
    }

    @Test
    void id_withQuotes_isEscaped() {
        FullHttpResponse response =
                new Answers("a\"b\n").to(HttpMethod.GET, "/home").response(false);

        assertThat(body(response)).startsWith("{\"message\":\"Hello from Server: a\\\"b\\u000a\",");
    }

    private FullHttpResponse to(String method, String target) {
        return answers.to(HttpMethod.valueOf(method), target).response(false);
    }

    private static String body(FullHttpResponse response) {
        return response.content().toString(StandardCharsets.UTF_8);
    }
}
