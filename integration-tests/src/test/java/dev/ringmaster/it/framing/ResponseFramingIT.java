package dev.ringmaster.it.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.EOFException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a response is never passed on either, and its connection is never used again. */
class ResponseFramingIT {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String FAILED = "{\"message\":\"<Error> Server replica failed\",\"status\":\"failure\"}";

    private static Origin origin;
    private static Balancer balancer;
    private static volatile String response = "";

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(connection -> {
            while (true) {
                connection.request();
                connection.send(response);
            }
        });
        balancer = Front.of(origin.port(), "threads=1");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    static List<String> faultyHeads() {
        return List.of(
                OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
                OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
                OK + "Content-Length: 5, 5\r\n\r\nabcde",
                OK + "Content-Length: +5\r\n\r\nabcde",
                OK + "Content-Length: -5\r\n\r\nabcde",
                OK + "Content-Length: 1 0\r\n\r\nabcde",
                OK + "Content-Length: 9223372036854775808\r\n\r\nabcde",
                OK + "Content-Length:\r\n\r\nabcde",
                OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: gzip\r\n\r\n",
                OK + "Transfer-Encoding: chunked, gzip\r\n\r\n",
                OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                OK + "Connection: content-length\r\nContent-Length: 0\r\n\r\n",
                OK + "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
                OK + "Content-Length: 0\n\n",
                OK + "X: y\rContent-Length: 0\r\n\r\n",
                OK + "X: y\r\n z\r\nContent-Length: 0\r\n\r\n",
                OK + " X: y\r\nContent-Length: 0\r\n\r\n",
                OK + "X : y\r\nContent-Length: 0\r\n\r\n",
                OK + "X\r\nContent-Length: 0\r\n\r\n",
                OK + ": y\r\nContent-Length: 0\r\n\r\n",
                OK + "X: \0\r\nContent-Length: 0\r\n\r\n",
                OK + "X: \033[0m\r\nContent-Length: 0\r\n\r\n",
                "\r\n" + OK + "Content-Length: 0\r\n\r\n",
                " " + OK + "Content-Length: 0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
                "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n",
                "\026\003\001\002\000\001\000",
                "<html>hello</html>\n",
                OK + "X: " + "a".repeat(32 << 10) + "\r\n\r\n",
                OK + "X: y\r\n".repeat(101) + "\r\n",
                "HTTP/1.1 " + "2".repeat(8 << 10) + "\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("faultyHeads")
    void responseHead_faulty_502AndConnectionClosed(String faulty) throws Exception {
        response = faulty;
        try (Client client = new Client(balancer.port())) {
            // An upload too: what may be sent again is not what decides.
            Answer answer = client.send("POST /p HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi")
                    .answer();
            assertThat(answer.text()).isEqualTo(FAILED);
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.head())
                    .isEqualTo("HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nContent-Length: "
                            + FAILED.length() + "\r\n\r\n");
            int heard = origin.heads().size();
            assertThat(client.get("/again").answer().text()).as("no retry").isEqualTo(FAILED);
            assertThat(origin.heads()).hasSize(heard + 1);
        }
        Soon.until(() -> origin.open() == 0);
    }

    static List<String> faultyBodies() {
        return List.of(
                CHUNKED + "2\r\nhi\r\ng\r\n",
                CHUNKED + "2\r\nhi\r\n-1\r\n",
                CHUNKED + "2\r\nhi\r\n1 \r\na\r\n0\r\n\r\n",
                CHUNKED + "2\r\nhi\r\n1;a\nb\r\na\r\n0\r\n\r\n",
                CHUNKED + "2\r\nhi\r\n1\na\r\n0\r\n\r\n",
                CHUNKED + "2\r\nhi\r\n1\r\nab\r\n0\r\n\r\n",
                CHUNKED + "2\r\nhi\r\n1\r\na\n0\r\n\r\n",
                CHUNKED + "2\r\nhi\r\n0\r\nX : y\r\n\r\n",
                CHUNKED + "2\r\nhi\r\n0\r\nX: y\n\r\n",
                CHUNKED + "2\r\nhi\r\n0\r\n y\r\n\r\n");
    }

    /** The head is on its way already, so that only a visible cut is left. */
    @ParameterizedTest
    @MethodSource("faultyBodies")
    void responseBody_faulty_clientSeesCut(String faulty) throws Exception {
        response = faulty;
        try (Client client = new Client(balancer.port())) {
            client.get("/p");
            assertThatThrownBy(client::answer).isInstanceOf(EOFException.class);
        }
        Soon.until(() -> origin.open() == 0);
    }

    static List<String> unusual() {
        return List.of(
                "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.0 200 Fine\r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.1 200 \u00fcber\r\nContent-Length: 2\r\n\r\nhi",
                OK + "content-length:\t0002 \r\n\r\nhi",
                OK + "Transfer-Encoding: CHUNKED\r\n\r\n1;x=y\r\nh\r\n01\r\ni\r\n00\r\nX: y\r\n\r\n",
                OK + "X: y\r\n".repeat(98) + "Connection: close\r\nContent-Length: 2\r\n\r\nhi",
                // Bytes after the end are nobody's answer.
                OK + "Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
    }

    @ParameterizedTest
    @MethodSource("unusual")
    void response_unusualButRight_passedOn(String right) throws Exception {
        response = right;
        try (Client client = new Client(balancer.port())) {
            Answer answer = client.get("/p").answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("hi");
            assertThat(answer.head()).startsWith("HTTP/1.1 200 ");
        }
    }
}
