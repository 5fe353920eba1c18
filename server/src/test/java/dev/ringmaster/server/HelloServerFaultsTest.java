package dev.ringmaster.server;

import static dev.ringmaster.server.RawClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.server.RawClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a badly behaved client sees. */
final class HelloServerFaultsTest {
    private static final int TOO_LONG = (16 << 20) + 1;

    private HelloServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = HelloServerTest.start(Duration.ZERO);
        client = new RawClient(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO\r\n\r\n",
                "GET /home\r\n\r\n",
                "GET /home FTP/1.1\r\nHost: t\r\n\r\n",
                "GET /home HTTP/1.1\r\n\r\n",
                "GET /home HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /home HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /home HTTP/1.1\nHost: a\n\n",
                "GET /home HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                "GET /home HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /home HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET /home HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
                "POST /home HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "POST /home HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
            })
    void malformed_anyWay_isRefusedAndEnded(String request) throws IOException {
        expectRefusal(client.send(request).read(), 400, "Malformed request");
    }

    @Test
    void version2_isRefusedAndEnded() throws IOException {
        expectRefusal(
                client.send("GET /home HTTP/2.0\r\nHost: a\r\n\r\n").read(), 505, "HTTP version is not supported");
    }

    @Test
    void target_tooLong_isRefusedAndEnded() throws IOException {
        client.send("GET /" + "a".repeat(17 << 10) + " HTTP/1.1\r\nHost: a\r\n\r\n");

        expectRefusal(client.read(), 414, "Request target is too long");
    }

    @Test
    void headers_tooLarge_areRefusedAndEnded() throws IOException {
        client.send("GET /home HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(65 << 10) + "\r\n\r\n");

        expectRefusal(client.read(), 431, "Request headers are too large");
    }

    @Test
    void headersAndTarget_asLongAsABalancerPasses_areTaken() throws IOException {
        client.send(
                "GET /home?" + "a".repeat(8 << 10) + " HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(33 << 10) + "\r\n\r\n");

        assertThat(client.read().status()).isEqualTo(200);
    }

    @Test
    void body_announcedTooLong_isRefusedBeforeItIsSent() throws IOException {
        client.send(
                "POST /home HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " + TOO_LONG + "\r\n\r\n");

        expectRefusal(client.read(), 413, "Request body is too large");
    }

    @Test
    void body_chunkedTooLong_isRefusedAndTheAnswerArrives() throws IOException {
        client.send("POST /home HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(TOO_LONG) + "\r\n")
                .send(new byte[TOO_LONG]);

        expectRefusal(client.read(), 413, "Request body is too large");
    }

    @Test
    void expectation_unknown_isRefused() throws IOException {
        client.send("POST /home HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\nContent-Length: 2\r\n\r\nab");

        expectRefusal(client.read(), 417, "Expectation is not supported");
    }

    @ParameterizedTest
    @CsvSource({"Expect: 200-maybe, 417", "Name : a, 400", "Content-Length: x, 400"})
    void refusal_ofHead_hasNoBody(String header, int status) throws IOException {
        client.send("HEAD /home HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n");

        assertThat(client.read(true).status()).isEqualTo(status);
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void refusal_ofHeadWithLargeHeaders_hasNoBody() throws IOException {
        client.send("HEAD /home HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(65 << 10) + "\r\n\r\n");

        assertThat(client.read(true).status()).isEqualTo(431);
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void reset_inTheMiddleOfABody_leavesNothingInFlight() throws Exception {
        client.send("POST /home HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(100);

        client.send("abc").reset();

        assertThat(server.drain(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void client_thatDoesNotRead_isNotReadFromEither() throws Exception {
        int requests = 4_000;
        String padding = "x".repeat(8_000);
        AtomicInteger sent = new AtomicInteger();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                while (sent.get() < requests) {
                    client.send(request("GET", "/" + sent.get() + padding));
                    sent.incrementAndGet();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        AtomicInteger before = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> before.getAndSet(sent.get()) == sent.get());

        assertThat(sent).as("requests that fit into buffers").hasValueLessThan(requests);
        for (int i = 0; i < requests; i++) {
            assertThat(client.read().body()).contains("'/" + i + "x");
        }
        writer.join();
    }

    private void expectRefusal(Response response, int status, String message) throws IOException {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).isEqualTo("{\"message\":\"<Error> " + message + "\",\"status\":\"failure\"}");
        assertThat(response.headers()).containsEntry("connection", "close");
        assertThat(client.isEnded()).isTrue();
    }
}
