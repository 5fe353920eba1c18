package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which methods and paths pass, and the few that the balancer answers itself. */
class MethodsIT {
    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.echoing();
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "M-SEARCH", "get", "x!#$%"})
    void method_ofAnyName_passes(String method) throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send(method + " /p HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.answer().text()).startsWith(method + " /p HTTP/1.1\r\n");
            assertThat(client.get("/next").answer().text()).startsWith("GET /next HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "/a/b/c",
                "/?",
                "/%00",
                "/%2e%2e/x",
                "/..",
                "/rep/",
                "/%72ep",
                "//rep",
                "/add?",
                "/x;y"
            })
    void path_ofAnyForm_passesUntouched(String path) throws Exception {
        String expected = path.equals("/add?") ? "405" : "200";
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.get(path).answer();
            assertThat(answer.status()).hasToString(expected);
            assertThat(expected.equals("405") || answer.text().startsWith("GET " + path + " HTTP/1.1\r\n"))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT test:443", "TRACE /p"})
    void connectAndTrace_405AndClosed(String line) throws Exception {
        int heard = origin.heads().size();
        try (Client client = new Client(balancer.port())) {
            client.send(line + " HTTP/1.1\r\nHost: test:443\r\n\r\n");
            String body = "{\"message\":\"<Error> Method not allowed\",\"status\":\"failure\"}";
            assertThat(client.rest())
                    .isEqualTo("HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
                            + "Connection: close\r\n\r\n" + body);
        }
        assertThat(origin.heads()).hasSize(heard);
    }

    @Test
    void optionsOfServer_passes() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.answer().text()).startsWith("OPTIONS * HTTP/1.1\r\nHost: test\r\n");
        }
    }

    @Test
    void maxForwards_ofOptions_countedDownAndAnsweredAtZero() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send("OPTIONS /p HTTP/1.1\r\nHost: test\r\nMax-Forwards: 10\r\n\r\n");
            assertThat(client.answer().text())
                    .contains("\r\nMax-Forwards: 9\r\n")
                    .doesNotContain("Max-Forwards: 10");
            client.send("GET /p HTTP/1.1\r\nHost: test\r\nMax-Forwards: 0\r\n\r\n");
            assertThat(client.answer().text()).contains("\r\nMax-Forwards: 0\r\n");
            int heard = origin.heads().size();
            client.send("OPTIONS /p HTTP/1.1\r\nHost: test\r\nMax-Forwards: 0\r\n\r\n");
            Answer last = client.answer();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.text()).isEqualTo("{\"message\":\"Max-Forwards reached\",\"status\":\"successful\"}");
            assertThat(origin.heads()).hasSize(heard);
        }
    }
}
