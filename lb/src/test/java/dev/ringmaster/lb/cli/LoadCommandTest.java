package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadCommandTest {
    private static JsonNode report(Program program) throws IOException {
        return new ObjectMapper().readTree(program.out());
    }

    private static Program load(ScriptedServer server, String... more) {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(
                new String[] {"load", "--json", "--no-progress", "--url", server.url() + "/home"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Program.run(arguments);
    }

    private static ScriptedServer replicas() {
        return new ScriptedServer(i -> ScriptedServer.greet(i % 4 == 0 ? "S1" : "[S2]"));
    }

    @Test
    void load_allAnswered_countsByReplica() throws IOException {
        try (ScriptedServer server = replicas()) {
            Program program = load(server, "-n", "400", "-c", "8");

            JsonNode report = report(program);
            assertThat(program.exitCode()).isZero();
            assertThat(report.get("requests").asInt()).isEqualTo(400);
            assertThat(report.get("ok").asInt()).isEqualTo(400);
            assertThat(report.get("failed").asInt()).isZero();
            assertThat(report.get("replicas").toString()).isEqualTo("{\"S1\":100,\"S2\":300}");
            assertThat(report.get("spread").toString())
                    .isEqualTo("{\"mean\":200.0,\"standard_deviation\":100.0,\"peak_to_mean\":1.5}");
            assertThat(server.connections()).isEqualTo(8);
            assertThat(server.requests()).hasSize(400).allMatch(head -> head.startsWith("GET /home HTTP/1.1\r\n"));
        }
    }

    @Test
    void load_faultsAtKnownPlaces_areCountedByKindAndNothingSentTwice() throws IOException {
        IntFunction<ScriptedServer.Action> script = i -> switch (i) {
            case 3, 50 -> ScriptedServer.reset();
            case 10, 11, 12 -> ScriptedServer.hangUp();
            case 20 ->
                connection -> {
                    ScriptedServer.raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"mess")
                            .perform(connection);
                    connection.close();
                };
            case 21 ->
                connection -> {
                    ScriptedServer.raw("HTTP/1.1 200 OK\r\nContent-").perform(connection);
                    connection.close();
                };
            case 30 -> ScriptedServer.answer(404, "{}");
            case 40, 41 -> ScriptedServer.answer(500, "{}");
            case 60 -> ScriptedServer.answer(200, "{\"message\":\"something else\"}");
            case 61 -> ScriptedServer.raw("SSH-2.0-server\r\n\r\n");
            case 62 -> ScriptedServer.answer(302, "");
            default -> ScriptedServer.greet("S1");
        };
        try (ScriptedServer server = new ScriptedServer(script)) {
            Program program = load(server, "-n", "100", "-c", "4");

            JsonNode report = report(program);
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(report.get("failures").toString())
                    .isEqualTo("{\"connect\":0,\"reset\":2,\"timeout\":0,\"closed\":5,\"status-4xx\":1,"
                            + "\"status-5xx\":2,\"bad-body\":3}");
            assertThat(report.get("ok").asInt()).isEqualTo(87);
            assertThat(report.get("failed").asInt()).isEqualTo(13);
            assertThat(server.requests()).hasSize(100);
        }
    }

    @Test
    void load_serverClosesAfterAnswers_dialsAnewWithoutFailure() throws IOException {
        String body = "{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"}";
        String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (ScriptedServer server = new ScriptedServer(_ -> ScriptedServer.raw(answer))) {
            Program program = load(server, "-n", "20", "-c", "2");

            assertThat(report(program).get("ok").asInt()).isEqualTo(20);
            assertThat(server.connections()).isEqualTo(20);
        }
    }

    @Test
    void load_informationalAnswerFirst_waitsForTheFinalOne() throws IOException {
        try (ScriptedServer server = new ScriptedServer(_ -> connection -> {
            ScriptedServer.raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").perform(connection);
            ScriptedServer.greet("S1").perform(connection);
        })) {
            assertThat(report(load(server, "-n", "10", "-c", "1")).get("ok").asInt())
                    .isEqualTo(10);
        }
    }

    @Test
    void load_noAnswer_timesOutAndGoesOn() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(i -> i == 1 ? ScriptedServer.hang() : ScriptedServer.greet("S1"))) {
            Program program = load(server, "-n", "5", "-c", "1", "--timeout", "2500ms");

            JsonNode report = report(program);
            assertThat(report.at("/failures/timeout").asInt()).isEqualTo(1);
            assertThat(report.get("ok").asInt()).isEqualTo(4);
            assertThat(report.get("longest_gap_ms").asDouble()).isGreaterThanOrEqualTo(2500);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void load_nobodyListens_countsEveryConnect() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        Program program = Program.run("load", "-n", "50", "-c", "5", "--url", "http://127.0.0.1:" + port + "/home");

        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.out()).contains("requests      50 (ok 0, failed 50)", "  connect      50");
    }

    @Test
    void load_anyBody_takesForeignAnswers() throws IOException {
        try (ScriptedServer server = new ScriptedServer(_ -> ScriptedServer.answer(200, "x".repeat(5000)))) {
            Program program = load(server, "-n", "10", "-c", "2", "--any-body");

            assertThat(program.exitCode()).isZero();
            assertThat(report(program).get("replicas").toString()).isEqualTo("{}");
        }
    }

    @Test
    void load_rate_countsLatencyFromTheIntendedMoment() throws IOException {
        // 100 requests at 1000/s on one connection whose first answer takes 300 ms: all of them were due within that
        // time, so that all waited at least 200 ms, although each of the others was answered at once.
        try (ScriptedServer server = new ScriptedServer(i -> connection -> {
            if (i == 0) {
                await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            }
            ScriptedServer.greet("S1").perform(connection);
        })) {
            JsonNode report = report(load(server, "-n", "100", "-c", "1", "--rate", "1000"));

            assertThat(report.at("/latency_ms/p50").asDouble()).isGreaterThan(200);
            assertThat(report.get("latest_send_ms").asDouble()).isGreaterThan(200);
        }
    }

    @Test
    void load_rate_sendsNotBeforeTheMoment() throws IOException {
        try (ScriptedServer server = replicas()) {
            JsonNode report = report(load(server, "-n", "41", "-c", "4", "--rate", "200"));

            assertThat(report.get("ok").asInt()).isEqualTo(41);
            assertThat(report.get("seconds").asDouble()).isGreaterThanOrEqualTo(0.2);
        }
    }

    @Test
    void load_json_hasEveryField() throws IOException {
        try (ScriptedServer server = replicas()) {
            JsonNode report = report(load(server, "-n", "10", "-c", "1"));

            assertThat(report.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly(
                            "requests",
                            "ok",
                            "failed",
                            "failures",
                            "seconds",
                            "requests_per_second",
                            "latency_ms",
                            "longest_gap_ms",
                            "latest_send_ms",
                            "replicas",
                            "spread",
                            "interrupted");
            assertThat(report.get("latency_ms").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("p50", "p90", "p95", "p99", "p99.9", "max");
            assertThat(report.get("interrupted").asBoolean()).isFalse();
            assertThat(report.get("requests_per_second").asDouble()).isPositive();
        }
    }

    @Test
    void load_text_tellsTheSame() throws IOException {
        try (ScriptedServer server = replicas()) {
            Program program = Program.run("load", "-n", "8", "-c", "1", "--url", server.url());

            assertThat(program.exitCode()).isZero();
            assertThat(program.err()).isEmpty();
            assertThat(program.out())
                    .contains("requests      8 (ok 8, failed 0)\n", "replicas      2: mean 4.0, ", "  S1           2\n")
                    .containsPattern("latency ms {4}p50 [0-9.]+ {2}p90 .* p99.9 [0-9.]+ {2}max [0-9.]+\n");
            assertThat(server.requests().getFirst()).startsWith("GET / HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-n, 0, -n must be a positive integer",
        "-c, -1, -c must be a positive integer",
        "--rate, -5, --rate must be a positive number",
        "--rate, NaN, --rate must be a positive number",
        "--url, https://localhost/, --url must be like http://HOST:PORT/PATH",
        "--url, localhost, --url must be like http://HOST:PORT/PATH",
    })
    void load_badOption_isUsageError(String option, String value, String message) {
        assertThat(Program.run("load", option, value)).isEqualTo(new Program(2, "", "ringmaster: " + message + "\n"));
    }

    @Test
    void load_unknownHost_fails() {
        assertThat(Program.run("load", "--url", "http://no-such-host.invalid/"))
                .isEqualTo(new Program(1, "", "ringmaster: the host no-such-host.invalid is not known\n"));
    }
}
