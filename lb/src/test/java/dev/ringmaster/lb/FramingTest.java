package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may not send: the answer, the end of the connection, and that no replica hears of it. */
final class FramingTest extends DataPlaneTest {
    private static final int LINE_LIMIT = 8 << 10;
    private static final int SECTION_LIMIT = 32 << 10;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            repeated length       | 400 | POST / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 1~~x
            length as a list      | 400 | POST / HTTP/1.1~Host: a~Content-Length: 1, 1~~x
            signed length         | 400 | POST / HTTP/1.1~Host: a~Content-Length: +1~~x
            negative length       | 400 | POST / HTTP/1.1~Host: a~Content-Length: -1~~x
            length with a space   | 400 | POST / HTTP/1.1~Host: a~Content-Length: 1 1~~x
            huge length           | 400 | POST / HTTP/1.1~Host: a~Content-Length: 99999999999999999999~~x
            length and chunked    | 400 | POST / HTTP/1.1~Host: a~Content-Length: 5~Transfer-Encoding: chunked~~0~~
            chunked in 1.0        | 400 | POST / HTTP/1.0~Host: a~Transfer-Encoding: chunked~~0~~
            coding not chunked    | 400 | POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip~~x
            chunked not last      | 400 | POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, gzip~~0~~
            chunked twice         | 400 | POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, chunked~~0~~
            coding before chunked | 501 | POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~
            bare LF in the line   | 400 | GET / HTTP/1.1%Host: a~~
            bare LF in a field    | 400 | GET / HTTP/1.1~Host: a%X: b~~
            bare CR in a field    | 400 | GET / HTTP/1.1~Host: a~X: b^c~~
            folded field          | 400 | GET / HTTP/1.1~Host: a~X: b~ c~~
            NUL in a value        | 400 | GET / HTTP/1.1~Host: a~X: b@c~~
            space before colon    | 400 | GET / HTTP/1.1~Host : a~~
            empty line first      | 400 | ~GET / HTTP/1.1~Host: a~~
            no host in 1.1        | 400 | GET / HTTP/1.1~~
            two hosts             | 400 | GET / HTTP/1.1~Host: a~Host: a~~
            host with userinfo    | 400 | GET / HTTP/1.1~Host: u!a~~
            other authority       | 400 | GET http://b/ HTTP/1.1~Host: a~~
            length by Connection  | 400 | GET / HTTP/1.1~Host: a~Connection: Content-Length~~
            coding by Connection  | 400 | GET / HTTP/1.1~Host: a~Connection: Transfer-Encoding~~
            host by Connection    | 400 | GET / HTTP/1.1~Host: a~Connection: Host~~
            HTTP/2.0              | 505 | GET / HTTP/2.0~Host: a~~
            HTTP/1.2              | 505 | GET / HTTP/1.2~Host: a~~
            too big a body        | 413 | POST / HTTP/1.1~Host: a~Content-Length: 1048577~~x
            other expectation     | 417 | POST / HTTP/1.1~Host: a~Expect: wonders~Content-Length: 1~~x
            """)
    void request_againstTheRules_isRefusedAndNotSent(String fault, int status, String request) throws IOException {
        assertRefused(status, plain(request));
    }

    private static String plain(String request) {
        return request.replace("~", "\r\n")
                .replace('%', '\n')
                .replace('^', '\r')
                .replace('@', '\0')
                .replace('!', '@');
    }

    private void assertRefused(int status, String request) throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            RawClient.Response response = client.send(request).response();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.field("connection")).isEqualTo("close");
            assertThat(response.text()).startsWith("{\"message\":\"<Error> ").endsWith("\",\"status\":\"failure\"}");
            assertThat(client.closed()).isTrue();
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void request_overTheLimits_isRefusedWithTheLimitsStatus() throws IOException {
        String filled = "X: " + "y".repeat(1000) + "\r\n";
        assertRefused(414, "GET /" + "a".repeat(LINE_LIMIT) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(431, "GET / HTTP/1.1\r\nHost: a\r\n" + filled.repeat(SECTION_LIMIT / 1000 + 1) + "\r\n");
        assertRefused(431, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(100) + "\r\n");
    }

    @Test
    void request_atTheLimits_isServed() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            client.get("/" + "a".repeat(LINE_LIMIT - "GET / HTTP/1.1".length()));
            assertThat(client.response().status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(99) + "\r\n");
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "1;a=\"\n\"\r\nx\r\n0\r\n\r\n",
                "0\r\nA\n\r\n"
            })
    void chunks_againstTheRules_areRefusedAndTheReplicasConnectionIsClosed(String chunks) throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(ScriptedOrigin.Connection::awaitEnd);
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            assertThat(client.response().status()).isEqualTo(400);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void chunks_beyondTheLargestBody_areRefused() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.maxBody(1000));
        try (ScriptedOrigin origin = new ScriptedOrigin(ScriptedOrigin.Connection::awaitEnd);
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n3e8\r\n");
            assertThat(client.response().status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void fault_inTheRestOfAnAnsweredRequest_closesWithoutASecondAnswer() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection.ok("early").awaitEnd();
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.response().text()).isEqualTo("early");
            client.send("no chunk\r\n");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void refusal_whileTheClientSends_isReadable() throws IOException {
        DataPlaneFixture proxy = start();
        try (RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
            client.send(new byte[40_000]);
            client.send(new byte[20_000]);
            assertThat(client.response().status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }
}
