package dev.ringmaster.it.framing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each limit at its last byte that passes and the first one that does not. */
class LimitsIT {
    private static final int LINE = 8 << 10;
    private static final int HEADER = 32 << 10;
    private static final int FIELDS = 100;
    private static final int BODY = 1000;
    private static final String TOO_LARGE = "Request body is too large";

    private static RecordingOrigin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = new RecordingOrigin();
        balancer = Front.of(origin.port(), "proxy.max-body=" + BODY);
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    private static Answer answer(String request) throws Exception {
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.send(request).answer();
            if (answer.status() != 200) {
                assertThat(answer.value("Connection")).isEqualTo("close");
                assertThat(client.rest()).isEmpty();
            }
            return answer;
        }
    }

    private static void assertPasses(String request) throws Exception {
        origin.take();
        assertThat(answer(request).status()).isEqualTo(200);
        assertThat(origin.take().complete()).hasSize(1);
    }

    private static void assertRefused(String request, int status, String text) throws Exception {
        origin.take();
        Answer answer = answer(request);
        assertThat(answer.text()).isEqualTo("{\"message\":\"<Error> " + text + "\",\"status\":\"failure\"}");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(origin.take().complete()).isEmpty();
    }

    private static String line(int length) {
        String ends = "GET / HTTP/1.1";
        return "GET /" + "a".repeat(length - ends.length()) + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    @Test
    void requestLine_of8KiB_passes_oneByteMore_414() throws Exception {
        assertPasses(line(LINE));
        assertRefused(line(LINE + 1), 414, "Request line is too long");
    }

    /** All field lines with their ends and the empty line. */
    private static String header(int length) {
        String rest = "Host: test\r\nX: \r\n\r\n";
        return "GET / HTTP/1.1\r\nHost: test\r\nX: " + "a".repeat(length - rest.length()) + "\r\n\r\n";
    }

    @Test
    void header_of32KiB_passes_oneByteMore_431() throws Exception {
        assertPasses(header(HEADER));
        assertRefused(header(HEADER + 1), 431, "Header is too large");
    }

    @Test
    void header_of100Fields_passes_oneMore_431() throws Exception {
        String start = "GET / HTTP/1.1\r\nHost: test\r\n";
        assertPasses(start + "X: y\r\n".repeat(FIELDS - 1) + "\r\n");
        assertRefused(start + "X: y\r\n".repeat(FIELDS) + "\r\n", 431, "Too many header fields");
    }

    @Test
    void trailers_beyondTheLimits_431() throws Exception {
        String start = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        assertPasses(start + "X: y\r\n".repeat(FIELDS) + "\r\n");
        assertRefused(start + "X: y\r\n".repeat(FIELDS + 1) + "\r\n", 431, "Too many header fields");
        assertRefused(start + "X: " + "a".repeat(HEADER) + "\r\n\r\n", 431, "Header is too large");
    }

    @Test
    void chunkLine_of4KiB_passes_oneByteMore_400() throws Exception {
        String start = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
        String last = "\r\na\r\n0\r\n\r\n";
        assertPasses(start + "1;" + "a".repeat(4096 - 4) + last);
        assertRefused(start + "1;" + "a".repeat(4096 - 3) + last, 400, "Chunk line is too long");
    }

    @Test
    void body_withLength_ofMaxBody_passes_oneByteMore_413() throws Exception {
        String start = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ";
        assertPasses(start + BODY + "\r\n\r\n" + "a".repeat(BODY));
        assertRefused(start + (BODY + 1) + "\r\n\r\n", 413, TOO_LARGE);
    }

    @Test
    void body_chunked_ofMaxBody_passes_oneByteMore_413() throws Exception {
        String start = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
        String half = Integer.toHexString(BODY / 2) + "\r\n" + "a".repeat(BODY / 2) + "\r\n";
        assertPasses(start + half + half + "0\r\n\r\n");
        assertRefused(start + half + half + "1\r\n", 413, TOO_LARGE);
        assertRefused(start + "ffffffff\r\n", 413, TOO_LARGE);
    }

    /** The clock starts with the first byte, and no later byte stops it. */
    @Test
    void header_notCompleteIn10Seconds_408() throws Exception {
        try (Client client = new Client(balancer.port());
                Client idle = new Client(balancer.port());
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            long start = System.nanoTime();
            client.send("GET / HTTP/1.1\r\nHost: te");
            clock.scheduleAtFixedRate(() -> drip(client), 200, 200, TimeUnit.MILLISECONDS);
            Answer answer = client.answer();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            clock.shutdownNow();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.text())
                    .isEqualTo(
                            "{\"message\":\"<Error> Request header was not complete in time\",\"status\":\"failure\"}");
            assertThat(client.rest()).isEmpty();
            assertThat(took).isBetween(Duration.ofMillis(9_900), Duration.ofSeconds(50));
            // Without a first byte there is nothing to be late with.
            assertThat(idle.get("/").answer().status()).isEqualTo(200);
        }
    }

    private static void drip(Client client) {
        try {
            client.send("s");
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }
}
