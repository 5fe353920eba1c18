package dev.ringmaster.it.framing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.framing.RecordingOrigin.Heard;
import dev.ringmaster.it.framing.RequestFaults.Fault;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Soon;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a request is said to the client and never passed on; what is unusual but right is. */
class RequestFramingIT {
    private static RecordingOrigin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = new RecordingOrigin();
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    static List<Fault> faults() {
        return RequestFaults.all();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void request_faulty_answeredAndClosedAndNotPassedOn(Fault fault) throws Exception {
        origin.take();
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.send(fault.request()).answer();
            String body = "{\"message\":\"<Error> " + fault.text() + "\",\"status\":\"failure\"}";
            assertThat(answer.text()).isEqualTo(body);
            assertThat(answer.status()).isEqualTo(fault.status());
            assertThat(answer.head())
                    .matches("HTTP/1\\.1 " + fault.status()
                            + " [A-Za-z ]+\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).isEmpty();
        }
        Soon.until(origin::idle);
        Heard heard = origin.take();
        assertThat(heard.complete()).isEmpty();
        assertThat(heard.faults()).isEmpty();
        assertThat(heard.begun()).hasSizeLessThanOrEqualTo(fault.headIsFine() ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://test/p?q=1 HTTP/1.1, test, /p?q=1",
        "GET HTTP://TEST:80/p HTTP/1.1, test, /p",
        "GET http://test HTTP/1.1, test:80, /",
        "GET http://test?q HTTP/1.1, TEST, /?q",
        "OPTIONS http://test HTTP/1.1, test, *",
        "OPTIONS * HTTP/1.1, test, *",
        "GET /%61dd//../x;y=z?a=b&c=d?e HTTP/1.1, test, /%61dd//../x;y=z?a=b&c=d?e",
        "GET /p HTTP/1.1, [::1]:8080, /p",
        "GET /p HTTP/1.1, a.b-c_d~e:0, /p"
    })
    void target_ofAnyForm_sentInOriginForm(String line, String host, String target) throws Exception {
        origin.take();
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.send(line + "\r\nHost: " + host + "\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(200);
        }
        StrictRequest heard = origin.take().complete().getFirst();
        assertThat(heard.target()).isEqualTo(target);
        assertThat(heard.values("host")).containsExactly(host);
    }

    @ParameterizedTest
    @MethodSource("unusualBodies")
    void body_unusualButRight_passedOn(String framing) throws Exception {
        origin.take();
        try (Client client = new Client(balancer.port())) {
            client.send("POST /p HTTP/1.1\r\nHost: test\r\n" + framing);
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.get("/next").answer().text()).isEqualTo("/next");
        }
        assertThat(origin.take().complete()).extracting(StrictRequest::body).containsExactly("abcde", "");
    }

    static List<String> unusualBodies() {
        return List.of(
                "Content-Length: 5\r\n\r\nabcde",
                "cOnTeNt-LeNgTh:\t00005 \r\n\r\nabcde",
                "Transfer-Encoding: Chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0000000000000005\r\nabcde\r\n000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n4;x=\"a\\\"b\" ; y = z\r\nbcde\r\n0;last\r\nX: y\r\n\r\n");
    }

    @Test
    void host_missingInHttp10_replicasAuthority() throws Exception {
        origin.take();
        try (Client client = new Client(balancer.port())) {
            assertThat(client.send("GET /old HTTP/1.0\r\n\r\n").answer().status())
                    .isEqualTo(200);
        }
        assertThat(origin.take().complete().getFirst().values("host")).containsExactly("127.0.0.1:" + origin.port());
    }
}
