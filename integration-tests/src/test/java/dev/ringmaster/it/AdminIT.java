package dev.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The classic calls on the main port, text by text. */
class AdminIT {
    private static Balancer balancer;

    @BeforeAll
    static void start() throws IOException {
        balancer = Balancer.start("replicas=2", "replica-limit=6");
    }

    @AfterAll
    static void stop() {
        balancer.close();
    }

    private static String failure(String text) {
        return "{\"message\":\"<Error> " + text + "\",\"status\":\"failure\"}";
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            POST /add    | nonsense                              => Request body is not valid JSON
            POST /add    | ``                                    => Request body is not valid JSON
            POST /add    | []                                    => Request body is not valid JSON
            POST /add    | {"n":1,"n":1}                         => Request body is not valid JSON
            POST /add    | {"n":1}{}                             => Request body is not valid JSON
            POST /add    | {"n":1} x                             => Request body is not valid JSON
            POST /add    | {}                                    => 'n' must be a positive integer
            POST /add    | {"n":0}                               => 'n' must be a positive integer
            POST /add    | {"n":-1}                              => 'n' must be a positive integer
            POST /add    | {"n":1.0}                             => 'n' must be a positive integer
            POST /add    | {"n":1e0}                             => 'n' must be a positive integer
            POST /add    | {"n":"1"}                             => 'n' must be a positive integer
            POST /add    | {"n":true}                            => 'n' must be a positive integer
            POST /add    | {"n":null}                            => 'n' must be a positive integer
            POST /add    | {"n":0,"hostnames":7}                 => 'n' must be a positive integer
            POST /add    | {"n":1,"hostnames":"a"}               => 'hostnames' must be a list of strings
            POST /add    | {"n":1,"hostnames":[1,"ok","ok"]}     => 'hostnames' must be a list of strings
            POST /add    | {"n":1,"hostnames":["aa","b c"]}      => Length of hostname list is more than newly added instances
            DELETE /rm   | {"n":1,"hostnames":["aa","b c"]}      => Length of hostname list is more than removable instances
            POST /add    | {"n":2,"hostnames":["b c","b c"]}     => Hostname 'b c' is not valid
            POST /add    | {"n":1,"hostnames":["a"]}             => Hostname 'a' is not valid
            POST /add    | {"n":1,"hostnames":["$(id)"]}         => Hostname '$(id)' is not valid
            POST /add    | {"n":1,"hostnames":["../x"]}          => Hostname '../x' is not valid
            POST /add    | {"n":1,"hostnames":["; rm -rf /"]}    => Hostname '; rm -rf /' is not valid
            POST /add    | {"n":2,"hostnames":["S1","S1"]}       => Duplicate hostnames in payload
            POST /add    | {"n":1000000000,"hostnames":["S1"]}   => Hostname 'S1' already exists
            DELETE /rm   | {"n":99,"hostnames":["Sx"]}           => Hostname 'Sx' is not a managed replica
            DELETE /rm   | {"n":3}                               => Cannot remove more instances than are present
            POST /rm     | {"n":1000000000}                      => Cannot remove more instances than are present
            POST /add    | {"n":5}                               => Cannot manage more than 6 replicas
            POST /add    | {"n":1000000000000000000000000}       => Cannot manage more than 6 replicas
            """)
    void call_wrong_isRefusedWithItsText(String call, String text) throws IOException {
        String[] parts = call.split("\\|", 2);
        String[] line = parts[0].strip().split(" ", 2);
        String body = parts[1].strip().equals("``") ? "" : parts[1].strip();
        try (Http http = balancer.http()) {
            Answer answer = http.call(line[0], line[1], "", body);
            assertThat(answer.text()).isEqualTo(failure(text));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.value("content-type")).isEqualTo("application/json");
            assertThat(http.get("/rep").text())
                    .isEqualTo("{\"message\":{\"N\":2,\"replicas\":[\"S1\",\"S2\"]},\"status\":\"successful\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/rep,'GET, HEAD'",
        "DELETE,/rep,'GET, HEAD'",
        "GET,/add,POST",
        "DELETE,/add,POST",
        "GET,/rm,'DELETE, POST'",
        "PUT,/rm,'DELETE, POST'"
    })
    void call_otherMethod_is405(String method, String path, String allow) throws IOException {
        try (Http http = balancer.http()) {
            Answer answer = http.call(method, path, "", "");
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.value("allow")).isEqualTo(allow);
            assertThat(answer.text()).isEqualTo(failure("Method not allowed"));
        }
    }

    @ParameterizedTest
    @CsvSource({"/%61dd", "//add", "/add/", "/rep/x"})
    void path_almostAdmin_goesToReplicas(String path) throws IOException {
        try (Http http = balancer.http()) {
            Answer answer = http.get(path + "?q=1");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).isEqualTo(failure("'" + path + "' endpoint does not exist in server replicas"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example\r\n",
                "Sec-Fetch-Site: cross-site\r\n",
                "Sec-Fetch-Site: same-site\r\n",
                "Origin: null\r\n",
                "Origin: http://localhost:1\r\n"
            })
    void call_fromAWebPage_is403(String fields) throws IOException {
        try (Http http = balancer.http()) {
            Answer answer = http.call("POST", "/add", fields, "{\"n\":1}");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text()).isEqualTo(failure("Not allowed from this address"));
        }
    }

    @Test
    void call_reboundHost_is403() throws IOException {
        try (Client client = new Client(balancer.port())) {
            client.send("POST /add HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 7\r\n\r\n{\"n\":1}");
            assertThat(client.answer().status()).isEqualTo(403);
        }
    }

    @Test
    void body_overTheBound_is413() throws IOException {
        try (Http http = balancer.http()) {
            String padding = " ".repeat((64 << 10) - 7);
            assertThat(http.post("/rm", "{\"n\":9}" + padding).text())
                    .isEqualTo(failure("Cannot remove more instances than are present"));
            Answer answer = http.post("/rm", "{\"n\":9} " + padding);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).isEqualTo(failure("Request body is too large"));
        }
    }

    @Test
    void names_throughAddAndRm_areInOrderAndUsableAgain() throws IOException {
        try (Http http = balancer.http()) {
            assertThat(http.post("/add", "{\"n\":2,\"hostnames\":[\"S9\",\"S8\"],\"unknown\":1}")
                            .text())
                    .isEqualTo(
                            "{\"message\":{\"N\":4,\"replicas\":[\"S1\",\"S2\",\"S9\",\"S8\"]},\"status\":\"successful\"}");
            assertThat(http.call("POST", "/rm", "Expect: 100-continue\r\n", "{\"n\":1,\"hostnames\":[\"S9\"]}")
                            .status())
                    .isEqualTo(100);
            assertThat(http.answer(false).text())
                    .isEqualTo("{\"message\":{\"N\":3,\"replicas\":[\"S1\",\"S2\",\"S8\"]},\"status\":\"successful\"}");
            assertThat(http.post("/add", "{\"n\":1,\"hostnames\":[\"S9\"]}").text())
                    .isEqualTo(
                            "{\"message\":{\"N\":4,\"replicas\":[\"S1\",\"S2\",\"S8\",\"S9\"]},\"status\":\"successful\"}");
            assertThat(http.delete("/rm", "{\"n\":2,\"hostnames\":[\"S8\",\"S9\"]}")
                            .text())
                    .isEqualTo("{\"message\":{\"N\":2,\"replicas\":[\"S1\",\"S2\"]},\"status\":\"successful\"}");
            String names = http.get("/rep").text();
            assertThat(http.call("HEAD", "/rep", "", "").value("content-length"))
                    .isEqualTo(String.valueOf(names.length()));
        }
    }

    @Test
    void queue_of16_isTheBound() throws IOException, InterruptedException {
        try (Balancer own = Balancer.start("replicas=1")) {
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (Http http = own.http()) {
                                return http.post("/add", "{\"n\":1}").status();
                            } catch (IOException broken) {
                                return -1;
                            }
                        },
                        Thread::startVirtualThread));
            }
            List<Integer> statuses = calls.stream().map(CompletableFuture::join).toList();
            long added = statuses.stream().filter(status -> status == 200).count();
            long refused = statuses.stream().filter(status -> status == 503).count();
            assertThat(added + refused).as("%s", statuses).isEqualTo(24);
            assertThat(refused).as("%s", statuses).isPositive();
            try (Http http = own.http()) {
                assertThat(http.get("/rep").text()).contains("\"N\":" + (1 + added) + ",");
            }
        }
    }

    @Test
    void pool_emptied_answers503AtOnceAndComesBack() throws IOException {
        try (Balancer own = Balancer.start("replicas=1");
                Http http = own.http()) {
            assertThat(http.delete("/rm", "{\"n\":1}").text())
                    .isEqualTo("{\"message\":{\"N\":0,\"replicas\":[]},\"status\":\"successful\"}");
            Answer none = http.get("/home");
            assertThat(none.status()).isEqualTo(503);
            assertThat(none.value("retry-after")).isNotEmpty();
            assertThat(none.text()).isEqualTo(failure("No server replicas available"));
            assertThat(http.post("/add", "{\"n\":1,\"hostnames\":[\"SA\"]}").status())
                    .isEqualTo(200);
            assertThat(http.get("/home").text())
                    .isEqualTo("{\"message\":\"Hello from Server: SA\",\"status\":\"successful\"}");
        }
    }

    @Test
    void token_configured_isAskedFor() throws IOException {
        try (Balancer own = Balancer.start("replicas=1", "admin.token=s3cret", "admin.rm-overflow=clamp");
                Http http = own.http()) {
            Answer without = http.delete("/rm", "{\"n\":5}");
            assertThat(without.status()).isEqualTo(401);
            assertThat(without.text()).isEqualTo(failure("Authorization required"));
            assertThat(http.call("DELETE", "/rm", "Authorization: Bearer wrong\r\n", "{\"n\":5}")
                            .status())
                    .isEqualTo(401);
            assertThat(http.call("DELETE", "/rm", "Authorization: Bearer s3cret\r\n", "{\"n\":5}")
                            .text())
                    .isEqualTo("{\"message\":{\"N\":0,\"replicas\":[]},\"status\":\"successful\"}");
        }
    }

    @Test
    void secondPort_pages_tellOfThePool() throws IOException {
        try (Http http = new Http(balancer.adminPort())) {
            assertThat(http.get("/healthz").status()).isEqualTo(200);
            assertThat(http.get("/readyz").text()).contains("\"serving\":2");
            assertThat(http.get("/metrics").text())
                    .contains("ringmaster_replicas{state=\"up\"} 2.0")
                    .contains("# TYPE ");
            assertThat(http.get("/api/v1/replicas").text()).contains("\"replicas\":[\"S1\",\"S2\"]");
            assertThat(http.get("/home").status()).isEqualTo(404);
        }
    }
}
