package dev.ringmaster.server;

import static dev.ringmaster.server.RawClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.server.RawClient.Response;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process: its one line of output, signals, standard input and exit codes. */
@Timeout(180)
final class ServerMainTest {
    private static final Map<String, String> ANY_PORT = Map.of("SERVER_PORT", "0", "SERVER_BIND", "127.0.0.1");

    @Test
    void sigterm_idle_exitsWithZeroHavingPrintedOnlyThePort() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, "--id", "S1", "--id-brackets");
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/home").body()).contains("\"Hello from Server: [S1]\"");

            server.terminate();

            assertThat(server.exitCode()).isZero();
            assertThat(server.restOfOutput()).isEmpty();
            assertThat(server.errors()).isEmpty();
        }
    }

    @Test
    void sigterm_withRequestInFlight_answersItFirst() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, "--delay", "3s");
                RawClient client = new RawClient(server.port())) {
            sendDelayed(client);

            server.terminate();

            Response response = client.read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers()).containsEntry("connection", "close");
            assertThat(client.isEnded()).isTrue();
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void sigterm_withRequestThatTakesTooLong_exitsAllTheSame() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, "--delay", "10m", "--drain", "300ms");
                RawClient client = new RawClient(server.port())) {
            sendDelayed(client);

            server.terminate();

            assertThat(server.exitCode()).isZero();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void stdin_closed_endsAWatchingServer() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, "--exit-on-stdin-close", "--delay", "10m");
                RawClient client = new RawClient(server.port())) {
            sendDelayed(client);

            server.closeStdin();

            assertThat(server.exitCode()).isZero();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void stdin_closed_meansNothingToAServerThatDoesNotWatch() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT);
                RawClient client = new RawClient(server.port())) {
            server.closeStdin();

            assertThat(client.get("/heartbeat").status()).isEqualTo(200);
        }
    }

    @Test
    void sigterm_whileWatchingStdin_exitsWithZero() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, "--exit-on-stdin-close")) {
            server.port();

            server.terminate();

            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void stdin_isFifo_endsWithItsLastWriter(@TempDir Path directory) throws Exception {
        String fifo = directory.resolve("owners").toString();
        assertThat(new ProcessBuilder("mkfifo", fifo).start().waitFor()).isZero();
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <" + fifo, "sh"));
        command.addAll(ServerProcess.java());
        Map<String, String> environment = Map.of("SERVER_PORT", "0", "SERVER_EXIT_ON_STDIN_CLOSE", "true");

        try (ServerProcess server = ServerProcess.start(environment, command)) {
            OutputStream first = new FileOutputStream(fifo);
            OutputStream last = new FileOutputStream(fifo);
            first.write('x');
            int port = server.port();
            first.close();
            try (RawClient client = new RawClient(port)) {
                assertThat(client.get("/heartbeat").status()).isEqualTo(200);
            }

            last.close();

            assertThat(server.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--colour=red | unknown option '--colour=red' (see --help)",
                "--port=x     | --port is 'x', but must be a number from 0 to 65535",
            })
    void badOption_exitsWithTwoAndOneLine(String argument, String message) throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, argument)) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.errors()).isEqualTo("ringmaster-server: " + message + "\n");
            assertThat(server.restOfOutput()).isEmpty();
        }
    }

    @Test
    void portTaken_exitsWithOneAndOneLine() throws Exception {
        try (HelloServer other = HelloServerTest.start(Duration.ZERO);
                ServerProcess server = ServerProcess.start(ANY_PORT, "--port", Integer.toString(other.port()))) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors())
                    .isEqualTo("ringmaster-server: cannot listen on 127.0.0.1:" + other.port()
                            + ": Address already in use\n");
            assertThat(server.restOfOutput()).isEmpty();
        }
    }

    @Test
    void help_isPrintedAndExitsWithZero() throws Exception {
        try (ServerProcess server = ServerProcess.start(ANY_PORT, "--help")) {
            assertThat(server.restOfOutput()).isEqualTo(Option.help());
            assertThat(server.exitCode()).isZero();
        }
    }

    /** Sends a request to /home and returns when the server has surely read it. */
    private static void sendDelayed(RawClient client) throws IOException {
        client.send(request("GET", "/heartbeat") + request("GET", "/home"));
        assertThat(client.read().status()).isEqualTo(200);
    }
}
