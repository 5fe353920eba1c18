package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the balancer answers in the replicas' place. */
final class OwnRepliesTest extends DataPlaneTest {
    @ParameterizedTest
    @ValueSource(strings = {"CONNECT example.org:443", "TRACE /"})
    void method_thatIsNotProxied_isNotAllowed(String line) throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            RawClient.Response response = client.send(line + HEAD_END).response();
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.field("allow")).isEqualTo("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            assertThat(response.text())
                    .isEqualTo("{\"message\":\"<Error> Method not allowed\",\"status\":\"failure\"}");
            assertThat(client.closed()).isTrue();
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void options_onItsLastHop_isAnsweredHere() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n");
            assertThat(client.response().text())
                    .isEqualTo("{\"message\":\"Max-Forwards reached\",\"status\":\"successful\"}");
            assertThat(origin.connections()).isZero();
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 3\r\n\r\n");
            assertThat(client.response().text()).isEqualTo("hello");
            client.send("GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n");
            assertThat(client.response().text()).isEqualTo("hello");
            assertThat(origin.heads().getFirst())
                    .startsWith("OPTIONS * HTTP/1.1")
                    .contains("Max-Forwards: 2\r\n");
        }
    }

    @Test
    void expectation_fromHttp10_isIgnored() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(origin.heads().getFirst()).doesNotContainIgnoringCase("expect");
        }
    }

    @Test
    void poolOfNone_everyRequest_isUnavailableAtOnceAndTheConnectionStays() throws IOException {
        DataPlaneFixture proxy = start().serving(new ScriptedOrigin[0]);
        try (RawClient client = proxy.client()) {
            RawClient.Response get = client.get("/").response();
            assertThat(get.status()).isEqualTo(503);
            assertThat(get.field("retry-after")).isEqualTo("1");
            assertThat(get.text())
                    .isEqualTo("{\"message\":\"<Error> No server replicas available\",\"status\":\"failure\"}");
            assertThat(client.post("/", "body").response().status()).isEqualTo(503);
            assertThat(client.send("HEAD /" + HEAD_END).response(true).field("content-length"))
                    .isEqualTo(String.valueOf(get.text().length()));
            assertThat(client.get("/").response().status()).isEqualTo(503);
        }
    }

    @Test
    void notFound_withTranslation_isTheClassicAnswerAndTheConnectionsStay() throws IOException {
        DataPlaneFixture proxy = start(Settings.DEFAULT.translateNotFound());
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    while (true) {
                        connection.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.get("/a\"b?c").response();
                assertThat(response.status()).isEqualTo(400);
                assertThat(response.text())
                        .isEqualTo("{\"message\":\"<Error> '/a\\\"b' endpoint does not exist in server replicas\","
                                + "\"status\":\"failure\"}");
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void notFound_withoutTranslation_isPassedOn() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(
                        connection -> connection.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"));
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.get("/other").response().text()).isEqualTo("none");
        }
    }
}
