package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminCommandsTest {
    private static final String POOL = "{\"message\":{\"N\":2,\"replicas\":[\"S1\",\"S2\"]},\"status\":\"successful\"}";

    private static ScriptedServer answering(int status, String body) {
        return new ScriptedServer(_ -> ScriptedServer.answer(status, body));
    }

    @Test
    void rep_poolAnswered_printsNamesOneALine() throws IOException {
        try (ScriptedServer balancer = answering(200, POOL)) {
            Program program = Program.run("rep", "--url", balancer.url() + "/");

            assertThat(program).isEqualTo(new Program(0, "S1\nS2\n", ""));
            assertThat(balancer.requests()).singleElement().asString().startsWith("GET /rep HTTP/1.1\r\n");
            assertThat(balancer.requests().getFirst()).doesNotContainIgnoringCase("authorization:");
        }
    }

    @Test
    void rep_json_printsAnswerAsItCame() throws IOException {
        try (ScriptedServer balancer = answering(200, POOL)) {
            assertThat(Program.run("rep", "--json", "--url", balancer.url()).out())
                    .isEqualTo(POOL + "\n");
        }
    }

    @Test
    void add_namesGiven_postsNumberAndNames() throws IOException {
        try (ScriptedServer balancer = answering(200, POOL)) {
            Program program = Program.run("add", "4", "S5", "S4", "--url", balancer.url());

            assertThat(program.exitCode()).isZero();
            String request = balancer.requests().getFirst();
            assertThat(request).startsWith("POST /add HTTP/1.1\r\n").containsIgnoringCase("application/json");
            assertThat(request).contains("\"n\":4").contains("\"hostnames\":[\"S5\",\"S4\"]");
        }
    }

    @Test
    void rm_noNames_deletesWithEmptyList() throws IOException {
        try (ScriptedServer balancer = answering(200, POOL)) {
            Program program = Program.run("rm", "2", "--url", balancer.url());

            assertThat(program.exitCode()).isZero();
            String request = balancer.requests().getFirst();
            assertThat(request).startsWith("DELETE /rm HTTP/1.1\r\n").contains("\"n\":2", "\"hostnames\":[]");
        }
    }

    @Test
    void add_token_isSentFromOptionBeforeEnvironment(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "from-file\n");
        Map<String, String> environment = Map.of("RINGMASTER_ADMIN_TOKEN", "from-environment");
        try (ScriptedServer balancer = answering(200, POOL)) {
            Program.runWith(environment, "add", "1", "--url", balancer.url());
            Program.runWith(environment, "add", "1", "--url", balancer.url(), "--token", "from-option");
            Program.runWith(environment, "add", "1", "--url", balancer.url(), "--token-file", file.toString());

            assertThat(balancer.requests()).hasSize(3);
            assertThat(balancer.requests().get(0)).contains("Authorization: Bearer from-environment\r\n");
            assertThat(balancer.requests().get(1)).contains("Authorization: Bearer from-option\r\n");
            assertThat(balancer.requests().get(2)).contains("Authorization: Bearer from-file\r\n");
        }
    }

    @Test
    void rm_refused_printsReasonAndFails() throws IOException {
        String refusal = "{\"message\":\"<Error> Hostname 'x' is not a managed replica\",\"status\":\"failure\"}";
        try (ScriptedServer balancer = answering(400, refusal)) {
            Program program = Program.run("rm", "1", "xx", "--url", balancer.url());

            assertThat(program)
                    .isEqualTo(new Program(1, "", "ringmaster: <Error> Hostname 'x' is not a managed replica\n"));
        }
    }

    @Test
    void rep_answerOfSomebodyElse_fails() throws IOException {
        for (String body : new String[] {"<html>", "[]", "{\"message\":\"hello\"}", ""}) {
            try (ScriptedServer stranger = answering(200, body)) {
                Program program = Program.run("rep", "--url", stranger.url());

                assertThat(program.exitCode()).as(body).isEqualTo(1);
                assertThat(program.err())
                        .isEqualTo(
                                "ringmaster: not a balancer's answer from " + stranger.url() + "/rep (status 200)\n");
            }
        }
    }

    @Test
    void rep_connectionBroken_failsWithOneLine() throws IOException {
        try (ScriptedServer balancer = new ScriptedServer(_ -> ScriptedServer.hangUp())) {
            Program program = Program.run("rep", "--url", balancer.url());

            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err()).startsWith("ringmaster: no answer from ").hasLineCount(1);
        }
    }

    @Test
    void rep_nobodyListens_failsWithOneLine() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        Program program = Program.run("rep", "--url", "http://localhost:" + port);

        assertThat(program)
                .isEqualTo(new Program(
                        1, "", "ringmaster: no answer from http://localhost:" + port + "/rep: cannot connect\n"));
    }

    @Test
    void rep_badUrlOrTokenFile_isUsageError(@TempDir Path directory) {
        assertThat(Program.run("rep", "--url", "localhost:5000"))
                .isEqualTo(new Program(2, "", "ringmaster: --url localhost:5000 must be like http://HOST:PORT\n"));
        String missing = directory.resolve("none").toString();
        assertThat(Program.run("rep", "--token-file", missing))
                .isEqualTo(new Program(2, "", "ringmaster: --token-file " + missing + " cannot be read\n"));
    }
}
