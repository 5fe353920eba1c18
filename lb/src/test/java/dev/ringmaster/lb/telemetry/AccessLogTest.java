package dev.ringmaster.lb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.telemetry.TelemetryOptions.AccessLogFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AccessLogTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void common_ofAnExchange_isTheApacheLine() {
        assertThat(lines(AccessLogFormat.COMMON, entry("GET", "/home?x=1", "http://a/", "curl/8")))
                .containsExactly("192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] \"GET /home?x=1 HTTP/1.1\" 200 2326");
    }

    @Test
    void combined_ofAnExchange_addsRefererAndUserAgent() {
        assertThat(lines(AccessLogFormat.COMBINED, entry("GET", "/", "http://a/", null)))
                .containsExactly("192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 2326"
                        + " \"http://a/\" \"-\"");
    }

    @Test
    void json_ofAnExchange_tellsWhoServedItAndHow() {
        assertThat(lines(AccessLogFormat.JSON, entry("GET", "/", null, "curl/8")))
                .containsExactly("{\"time\":\"2000-10-10T13:55:36Z\",\"client\":\"192.0.2.7\",\"method\":\"GET\","
                        + "\"target\":\"/\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes\":2326,"
                        + "\"duration_us\":1500,\"replica\":\"S1\",\"slot\":4,\"attempts\":2,\"referer\":null,"
                        + "\"user_agent\":\"curl/8\",\"request_id\":\"id-1\",\"host\":\"example\"}");
    }

    @Test
    void common_ofARequestThatCouldNotBeRead_hasADash() {
        assertThat(lines(AccessLogFormat.COMMON, entry(null, null, null, null)))
                .containsExactly("192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] \"-\" 200 2326");
    }

    @Test
    void combined_ofTextsThatForgeALine_escapesThem() {
        assertThat(lines(
                        AccessLogFormat.COMBINED,
                        entry("GET", "/\"\n1.1.1.1 - \\", "a\u0085b\u2028", "\u001b[2J\u007f")))
                .containsExactly("192.0.2.7 - - [10/Oct/2000:13:55:36 +0000]"
                        + " \"GET /\\\"\\x0a1.1.1.1 - \\\\ HTTP/1.1\" 200 2326"
                        + " \"a\\x85b\\u2028\" \"\\x1b[2J\\x7f\"");
    }

    @ParameterizedTest
    @EnumSource(
            value = AccessLogFormat.class,
            names = {"COMMON", "COMBINED", "JSON"})
    void anyFormat_ofRandomTexts_isOneAsciiLineARecord(AccessLogFormat format) throws Exception {
        long seed = 4711;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            AccessRecord entry = entry(garbage(random), garbage(random), garbage(random), garbage(random));
            StringBuilder line = new StringBuilder();
            AccessLines.append(line, entry, format);

            assertThat(line.toString()).as("seed %d round %d", seed, round).matches("[ -\\x7f]+\n");
            if (format == AccessLogFormat.JSON) {
                JsonNode json = JSON.readTree(line.toString());
                assertThat(json.get("target").textValue()).isEqualTo(entry.target());
            } else {
                long quotes = line.toString()
                        .replace("\\\\", "")
                        .replace("\\\"", "")
                        .chars()
                        .filter(c -> c == '"')
                        .count();
                assertThat(quotes).isEqualTo(format == AccessLogFormat.COMMON ? 2 : 6);
            }
        }
    }

    @Test
    void none_writesNothing_untilReconfigured() {
        try (AccessLog log = new AccessLog(new TelemetryOptions(AccessLogFormat.NONE), out)) {
            assertThat(log.enabled()).isFalse();
            log.log(entry("GET", "/lost", null, null));
            log.reconfigure(new TelemetryOptions(AccessLogFormat.COMMON));
            assertThat(log.enabled()).isTrue();
            log.log(entry("GET", "/kept", null, null));
            await().untilAsserted(() -> assertThat(text()).contains("/kept"));
        }
        assertThat(whole()).doesNotContain("/lost");
    }

    @Test
    void records_ofManyThreads_areAllWrittenByClose() throws Exception {
        int threads = 4;
        int each = 2_000;
        AccessLog log = new AccessLog(new TelemetryOptions(AccessLogFormat.COMMON), out);
        List<Thread> loops = IntStream.range(0, threads)
                .mapToObj(loop -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < each; i++) {
                        log.log(entry("GET", "/" + loop + "/" + i + "/", null, null));
                    }
                }))
                .toList();
        for (Thread loop : loops) {
            loop.join();
        }
        log.close();
        log.log(entry("GET", "/late", null, null));

        assertThat(log.dropped()).isZero();
        assertThat(whole().lines()).hasSize(threads * each).doesNotHaveDuplicates();
        assertThat(text()).contains("/3/1999/").doesNotContain("/late");
    }

    @Test
    void records_besideABlockedOutput_areDroppedAndCountedAndNeverBlock() {
        CountDownLatch gate = new CountDownLatch(1);
        AccessLog log = new AccessLog(new TelemetryOptions(AccessLogFormat.COMMON), new Gated(gate, out));
        int offered = 2_000;
        String longTarget = "/" + "x".repeat(8_000);
        for (int i = 0; i < offered; i++) {
            log.log(entry("GET", longTarget, null, null));
        }
        long dropped = log.dropped();
        gate.countDown();
        log.close();

        assertThat(dropped).isBetween(500L, (long) offered - 1);
        assertThat(whole().lines().count()).isEqualTo(offered - dropped);
    }

    @Test
    void output_thatFails_losesLinesCountedAndRecovers() {
        AtomicBoolean broken = new AtomicBoolean(true);
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (broken.get()) {
                    throw new IOException("disk full");
                }
                out.write(b);
            }
        };
        try (AccessLog log = new AccessLog(new TelemetryOptions(AccessLogFormat.COMMON), failing)) {
            log.log(entry("GET", "/a", null, null));
            await().untilAsserted(() -> assertThat(log.dropped()).isEqualTo(1));
            log.log(entry("GET", "/b", null, null));
            await().untilAsserted(() -> assertThat(log.dropped()).isEqualTo(2));
            broken.set(false);
            log.log(entry("GET", "/c", null, null));
        }
        assertThat(whole().lines()).singleElement().asString().contains("/c");
    }

    @Test
    void close_besideAnOutputThatNeverTakesAnything_returns() {
        CountDownLatch never = new CountDownLatch(1);
        AccessLog log = new AccessLog(new TelemetryOptions(AccessLogFormat.COMMON), new Gated(never, out));
        log.log(entry("GET", "/", null, null));
        log.close();

        assertThat(text()).isEmpty();
        never.countDown();
    }

    private List<String> lines(AccessLogFormat format, AccessRecord entry) {
        try (AccessLog log = new AccessLog(new TelemetryOptions(format), out)) {
            log.log(entry);
        }
        return whole().lines().toList();
    }

    /** Once the log is closed. */
    private String whole() {
        AccessLogWriters.awaitEnd();
        return text();
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String garbage(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        String nasty = "\"\\\r\n\t\u0000\u0085\u2028\ud800 {}";
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            text.append(
                    random.nextBoolean()
                            ? nasty.charAt(random.nextInt(nasty.length()))
                            : (char) random.nextInt(random.nextBoolean() ? 0x100 : 0x10000));
        }
        return text.toString();
    }

    private static AccessRecord entry(String method, String target, String referer, String userAgent) {
        return new AccessRecord(
                InetAddresses.forString("192.0.2.7"),
                Instant.parse("2000-10-10T13:55:36Z"),
                method,
                target,
                1,
                200,
                2326,
                1_500_999,
                "S1",
                4,
                2,
                referer,
                userAgent,
                "id-1",
                "example");
    }

    /** Takes nothing until its gate opens. */
    private static final class Gated extends OutputStream {
        private final CountDownLatch gate;
        private final OutputStream out;

        Gated(CountDownLatch gate, OutputStream out) {
            this.gate = gate;
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.write(bytes, offset, length);
        }
    }
}
