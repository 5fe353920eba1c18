package dev.ringmaster.server;

import static dev.ringmaster.server.RawClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.server.RawClient.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a well-behaved client sees, byte by byte. */
final class HelloServerTest {
    private static final String HOME = "{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"}";

    private HelloServer server;
    private RawClient client;

    static HelloServer start(Duration delay) throws IOException {
        return HelloServer.start(new ServerOptions("S1", "127.0.0.1", 0, delay, Duration.ofSeconds(8), false));
    }

    @BeforeEach
    void start() throws IOException {
        server = start(Duration.ZERO);
        client = new RawClient(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void home_keepAlive_answersAgainAndAgain() throws IOException {
        for (int i = 0; i < 3; i++) {
            Response response = client.get("/home");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/json")
                    .doesNotContainKey("connection");
            assertThat(response.body()).isEqualTo(HOME);
        }
    }

    @Test
    void head_home_hasSameHeadersAsGetAndNoBody() throws IOException {
        Response head = client.call("HEAD", "/home");
        Response get = client.get("/home");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).isEqualTo(get.headers());
        assertThat(get.body()).isEqualTo(HOME);
    }

    @Test
    void head_unknownPath_hasNoBody() throws IOException {
        assertThat(client.call("HEAD", "/other").status()).isEqualTo(400);
        assertThat(client.get("/heartbeat").status()).isEqualTo(200);
    }

    @Test
    void pipelined_severalRequests_areAnsweredInOrder() throws IOException {
        client.send(request("GET", "/a") + request("HEAD", "/home")
                + "POST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nxyz" + request("GET", "/home"));

        assertThat(client.read().body()).contains("'/a'");
        assertThat(client.read(true).status()).isEqualTo(200);
        assertThat(client.read().body()).contains("'/b'");
        assertThat(client.read().body()).isEqualTo(HOME);
    }

    @Test
    void http10_plain_endsAfterTheAnswer() throws IOException {
        Response response = client.send("GET /home HTTP/1.0\r\n\r\n").read();

        assertThat(response.headers()).containsEntry("connection", "close");
        assertThat(response.body()).isEqualTo(HOME);
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void http10_keepAlive_goesOn() throws IOException {
        String request = "GET /home HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

        assertThat(client.send(request).read().headers()).containsEntry("connection", "keep-alive");
        assertThat(client.send(request).read().body()).isEqualTo(HOME);
    }

    @Test
    void connectionClose_inRequest_endsAfterTheAnswer() throws IOException {
        client.send("GET /home HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n" + request("GET", "/home"));

        assertThat(client.read().headers()).containsEntry("connection", "close");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void byteByByte_request_isAnswered() throws IOException {
        for (char c : request("GET", "/heartbeat").toCharArray()) {
            client.send(String.valueOf(c));
        }

        Response response = client.read();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("content-length", "0").doesNotContainKey("content-type");
    }

    @Test
    void halfClosed_client_stillGetsItsAnswer() throws IOException {
        client.send(request("GET", "/home")).shutdownOutput();

        assertThat(client.read().body()).isEqualTo(HOME);
        assertThat(client.isEnded()).isTrue();
    }

    /**
     * Answers of 24 KiB that nobody reads, one more on each connection. When just what fits into the kernel's buffers is
     * exceeded, the server reads the end of input while it still holds a part of the last answer.
     */
    @Test
    void halfClosed_pipeliningClientThatReadsLate_getsEveryAnswer() throws Exception {
        ServerOptions options =
                new ServerOptions("S".repeat(24 << 10), "127.0.0.1", 0, Duration.ZERO, Duration.ZERO, false);
        try (HelloServer talkative = HelloServer.start(options)) {
            int length = wholeAnswer(talkative);
            for (int requests = 60; requests <= 200; requests++) {
                try (RawClient late = new RawClient(talkative.port());
                        RawClient other = new RawClient(talkative.port())) {
                    late.send(request("GET", "/home").repeat(requests)).shutdownOutput();
                    for (int i = 0; i < 3; i++) {
                        other.get("/heartbeat");
                    }

                    assertThat(late.rest().length).as("%d answers", requests).isEqualTo(requests * length);
                }
            }
        }
    }

    private static int wholeAnswer(HelloServer server) throws IOException {
        try (RawClient one = new RawClient(server.port())) {
            one.send(request("GET", "/home")).shutdownOutput();
            return one.rest().length;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "POST /home HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nx"})
    void halfClosed_clientWithoutAWholeRequest_isOnlyAnsweredWhatWasWhole(String rest) throws Exception {
        client.send(request("GET", "/home") + rest).shutdownOutput();

        assertThat(client.read().body()).isEqualTo(HOME);
        assertThat(client.isEnded()).isTrue();
        assertThat(server.drain(Duration.ofMinutes(1))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"65536", "1048576", "16777216"})
    void body_ofAnnouncedLength_isDiscarded(int length) throws IOException {
        client.send("POST /home HTTP/1.1\r\nHost: t\r\nContent-Length: " + length + "\r\n\r\n")
                .send(new byte[length]);

        assertThat(client.read().status()).isEqualTo(405);
        assertThat(client.get("/home").body()).isEqualTo(HOME);
    }

    @Test
    void body_chunked_isDiscarded() throws IOException {
        client.send("PUT /x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100; i++) {
            client.send("1000\r\n").send(new byte[0x1000]).send("\r\n");
        }
        client.send("0\r\nTrailer: x\r\n\r\n");

        assertThat(client.read().body()).contains("'/x'");
        assertThat(client.get("/home").body()).isEqualTo(HOME);
    }

    @Test
    void expectContinue_asksForTheBody() throws IOException {
        client.send("POST /home HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(100);

        client.send("ab");
        assertThat(client.read().status()).isEqualTo(405);
        assertThat(client.get("/home").body()).isEqualTo(HOME);
    }

    @Test
    void expectContinue_fromHttp10_isIgnored() throws IOException {
        client.send("POST /home HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");

        assertThat(client.read().status()).isEqualTo(405);
    }

    @Test
    void path_withQuotesBackslashAndEscapes_isEscapedOnce() throws IOException {
        Response response = client.get("/a\"b\\c%22%5C%00%0d?q=\"");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body())
                .isEqualTo(
                        "{\"message\":\"<Error> '/a\\\"b\\\\c%22%5C%00%0d' endpoint does not exist in server replicas\""
                                + ",\"status\":\"failure\"}");
    }

    @Test
    void path_withRawUtf8_isGivenBackAsItWas() throws IOException {
        client.send(request("GET", "/größe").getBytes(StandardCharsets.UTF_8));

        assertThat(client.read().body()).contains("'/größe'");
    }
}
