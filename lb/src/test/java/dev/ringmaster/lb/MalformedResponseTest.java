package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replicas that break the rules: 502 or a visible cut, never a second attempt, and the connection is not used again. */
final class MalformedResponseTest extends DataPlaneTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            garbage            | %#?!
            another protocol   | SSH-2.0-OpenSSH_9.9~
            lower case         | http/1.1 200 OK~Content-Length: 0~~
            HTTP/2             | HTTP/2.0 200 OK~Content-Length: 0~~
            status of 2 digits | HTTP/1.1 20 OK~Content-Length: 0~~
            status 099         | HTTP/1.1 099 OK~Content-Length: 0~~
            length and chunked | HTTP/1.1 200 OK~Content-Length: 3~Transfer-Encoding: chunked~~abc
            negative length    | HTTP/1.1 200 OK~Content-Length: -3~~abc
            huge length        | HTTP/1.1 200 OK~Content-Length: 99999999999999999999~~abc
            repeated length    | HTTP/1.1 200 OK~Content-Length: 3~Content-Length: 3~~abc
            chunked in 1.0     | HTTP/1.0 200 OK~Transfer-Encoding: chunked~~0~~
            unknown coding     | HTTP/1.1 200 OK~Transfer-Encoding: gzip~~abc
            NUL in a field     | HTTP/1.1 200 OK~X: a@b~Content-Length: 0~~
            bare CR            | HTTP/1.1 200 OK~X: a^b~Content-Length: 0~~
            bare LF            | HTTP/1.1 200 OK~X: a%Content-Length: 0~~
            folded field       | HTTP/1.1 200 OK~X: a~ b~Content-Length: 0~~
            unasked 101        | HTTP/1.1 101 Switching Protocols~Upgrade: websocket~Connection: upgrade~~
            """)
    void response_againstTheRules_isABadGateway(String fault, String response) throws IOException {
        String bytes = response.replace("~", "\r\n")
                .replace('%', '\n')
                .replace('^', '\r')
                .replace('@', '\0');
        assertBadGateway(
                new ScriptedOrigin(connection -> connection.answer(bytes).awaitEnd()));
    }

    private void assertBadGateway(ScriptedOrigin breaking) throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = breaking;
                RawClient client = proxy.serving(origin).client()) {
            RawClient.Response answer = client.get("/").response();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text())
                    .isEqualTo("{\"message\":\"<Error> Server replica failed\",\"status\":\"failure\"}");
            assertThat(answer.fields()).doesNotContainKey("connection");
            assertThat(origin.heads()).hasSize(1);
            assertThat(client.get("/").response().status()).isEqualTo(502);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void head_ofTenMegabytes_isABadGateway() throws IOException {
        byte[] field = ("X: " + "y".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        assertBadGateway(new ScriptedOrigin(connection -> {
            connection.answer("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 10_000; i++) {
                connection.send(field);
            }
        }));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bad chunk size | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~x~
            chunk too long | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello!~
            bare LF        | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~0%~
            shorter body   | HTTP/1.1 200 OK~Content-Length: 10~~hello
            no last chunk  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~
            """)
    void body_againstTheRules_isACut(String fault, String response) throws IOException {
        DataPlaneFixture proxy = start();
        String bytes = response.replace("~", "\r\n").replace('%', '\n');
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> connection.answer(bytes));
                RawClient client = proxy.serving(origin).client()) {
            assertThatThrownBy(() -> client.get("/").response()).isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,HTTP/1.1 200 OK~Content-Length: 2~~ok",
        "GET,HTTP/1.1 204 No~~",
        "HEAD,HTTP/1.1 200 OK~Content-Length: 2~~"
    })
    void bytes_afterTheResponse_areDroppedWithTheConnection(String method, String response) throws IOException {
        DataPlaneFixture proxy = start();
        String twice = response.replace("~", "\r\n") + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        try (ScriptedOrigin origin = new ScriptedOrigin(
                        connection -> connection.answer(twice).awaitEnd());
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 1; i <= 3; i++) {
                RawClient.Response answer =
                        client.send(method + " /" + HEAD_END).response(method.equals("HEAD"));
                assertThat(answer.text()).isNotEqualTo("evil");
                assertThat(origin.connections()).isEqualTo(i);
            }
        }
    }

    /** A read that it fills does not tell that more has come, and the request that waits behind takes what is idle. */
    @Test
    void bytes_afterAResponseThatFillsARead_answerNoOtherRequest() throws IOException {
        int read = 2048;
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.oneLoop());
        String head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n";
        String good = "x".repeat(read - head.formatted(read).length());
        String twice = head.formatted(good.length()) + good + head.formatted(4) + "evil";
        try (ScriptedOrigin origin = new ScriptedOrigin(
                        connection -> connection.answer(twice).awaitEnd());
                RawClient client = proxy.serving(origin).client()) {
            client.send(("GET /" + HEAD_END).repeat(2));
            assertThat(client.response(false).text()).isEqualTo(good);
            assertThat(client.response(false).text()).isEqualTo(good);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void idleConnection_thatSpeaksUp_isClosed() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.oneLoop());
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.each(
                        connection -> {
                            connection.request();
                            connection.ok("first");
                            answered.await();
                            connection.send("HTTP/1.1 408 Idle\r\nContent-Length: 4\r\n\r\nevil");
                            connection.awaitEnd();
                            ended.countDown();
                        },
                        connection -> {
                            connection.request();
                            connection.ok("second");
                        });
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.get("/").response().text()).isEqualTo("first");
            answered.countDown();
            await().until(() -> ended.getCount() == 0);
            assertThat(client.get("/").response().text()).isEqualTo("second");
        }
    }
}
