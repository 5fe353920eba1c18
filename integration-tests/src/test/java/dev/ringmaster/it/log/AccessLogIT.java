package dev.ringmaster.it.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line a request, that says what happened and that no client can forge. */
class AccessLogIT {
    private static final Pattern COMMON =
            Pattern.compile("127\\.0\\.0\\.1 - - \\[([^]]+)] \"((?:[^\"\\\\]|\\\\.)*)\" ([0-9]{3}) ([0-9]+)(.*)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

    /** What the clients of every run do, in this order. */
    private static void requests(int port) throws Exception {
        try (Client client = new Client(port)) {
            client.send(
                    "GET /a%20b?c=d HTTP/1.1\r\nHost: Shop:80\r\nReferer: http://x/\r\nUser-Agent: probe/1\r\n\r\n");
            assertThat(client.answer().text()).isEqualTo("hello");
            client.send("POST /up HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("HEAD /h HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.answer(true).status()).isEqualTo(200);
            client.send("GET /q\"\\x HTTP/1.1\r\nHost: test\r\nUser-Agent: a\" 200 5\\ \u00e9\t{}\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("GET /old HTTP/1.0\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
        }
        try (Client client = new Client(port)) {
            client.send("GET /\"forged\" HTTP/1.1\nHost: test\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    private static List<String> lines(String format) throws Exception {
        try (Origin origin = new Origin(connection -> {
                    while (true) {
                        String head = connection.request();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                                + (head.startsWith("HEAD") ? "" : "hello"));
                    }
                });
                Balancer balancer = Front.of(origin.port(), "access-log=" + format)) {
            requests(balancer.port());
            Soon.until(() -> balancer.output().size() >= 6);
            List<String> lines = List.copyOf(balancer.output());
            assertThat(lines).hasSize(6).allSatisfy(line -> assertThat(line).matches("[ -~]+"));
            return lines;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"common", "combined"})
    void textLines_ofRealRun_holdWhatHappened(String format) throws Exception {
        List<Matcher> lines = lines(format).stream().map(COMMON::matcher).toList();
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.matches()).isTrue();
            Instant time = OffsetDateTime.parse(line.group(1), TIME).toInstant();
            assertThat(time).isBetween(Instant.now().minus(Duration.ofMinutes(10)), Instant.now());
        });
        assertThat(lines)
                .extracting(line -> line.group(2) + " " + line.group(3) + " " + line.group(4))
                .containsExactly(
                        "GET /a%20b?c=d HTTP/1.1 200 5",
                        "POST /up HTTP/1.1 200 5",
                        "HEAD /h HTTP/1.1 200 0",
                        "GET /q\\\"\\\\x HTTP/1.1 200 5",
                        "GET /old HTTP/1.0 200 5",
                        "- 400 66");
        List<String> combined = List.of(
                " \"http://x/\" \"probe/1\"",
                " \"-\" \"-\"",
                " \"-\" \"-\"",
                " \"-\" \"a\\\" 200 5\\\\ \\xe9\\x09{}\"",
                " \"-\" \"-\"",
                " \"-\" \"-\"");
        assertThat(lines)
                .extracting(line -> line.group(5))
                .isEqualTo(format.equals("combined") ? combined : List.of("", "", "", "", "", ""));
    }

    @Test
    void jsonLines_ofRealRun_holdWhatHappened() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = lines("json");
        List<JsonNode> entries = new ArrayList<>();
        for (String line : lines) {
            entries.add(mapper.readTree(line));
        }
        JsonNode first = entries.getFirst();
        assertThat(Instant.parse(first.get("time").asText()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(10)), Instant.now());
        assertThat(first.get("duration_us").asLong()).isBetween(1L, 60_000_000L);
        assertThat(first.get("request_id").asText()).matches("[0-9a-f]{16}");
        assertThat(first.get("replica").asText()).matches("127\\.0\\.0\\.1:[0-9]+");
        assertThat(first.properties().stream()
                        .filter(field -> !List.of("time", "duration_us", "request_id", "replica")
                                .contains(field.getKey()))
                        .map(field -> field.getKey() + "=" + field.getValue().asText()))
                .containsExactly(
                        "client=127.0.0.1",
                        "method=GET",
                        "target=/a%20b?c=d",
                        "protocol=HTTP/1.1",
                        "status=200",
                        "bytes=5",
                        "slot=0",
                        "attempts=1",
                        "referer=http://x/",
                        "user_agent=probe/1",
                        "host=Shop:80");
        JsonNode forged = entries.get(3);
        assertThat(forged.get("target").asText()).isEqualTo("/q\"\\x");
        assertThat(forged.get("user_agent").asText()).isEqualTo("a\" 200 5\\ \u00e9\t{}");
        JsonNode refused = entries.getLast();
        assertThat(refused.get("status").asInt()).isEqualTo(400);
        assertThat(refused.get("method").isNull()).isTrue();
        assertThat(refused.get("attempts").asInt()).isZero();
    }

    /** Behind a trusted proxy the client is the one that it names. */
    @Test
    void client_ofTrustedPeer_isTheOneItNames() throws Exception {
        try (Origin origin = Origin.answering("hello");
                Balancer balancer = Front.of(origin.port(), "access-log=common", "proxy.trusted=127.0.0.1");
                Client client = new Client(balancer.port())) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 9.9.9.9, 192.0.2.7\r\n\r\n")
                    .answer();
            Soon.until(() -> !balancer.output().isEmpty());
            assertThat(balancer.output().getFirst()).startsWith("192.0.2.7 - - [");
        }
    }
}
