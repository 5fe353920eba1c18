package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Trailers stay trailers, and none of them means anything to framing, routing or rights. */
class TrailersIT {
    private static final String FORBIDDEN = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n"
            + "Authorization: x\r\nCookie: x\r\nSet-Cookie: x\r\nX-Forwarded-For: 9.9.9.9\r\nX_Forwarded_For: 9.9.9.9\r\n"
            + "Connection: close\r\nTE: trailers\r\nTrailer: X\r\nUpgrade: h2c\r\nKeep-Alive: 1\r\nVia: x\r\nExpect: x\r\n"
            + "Content-Type: x\r\nContent-Encoding: gzip\r\nCache-Control: x\r\nX-Request-Id: x\r\nMax-Forwards: 1\r\n"
            + "Content-Range: x\r\nLocation: x\r\nForwarded: x\r\n";
    private static final String MESSAGE = "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
            + FORBIDDEN + "X-Sum: 1\r\n" + FORBIDDEN.toLowerCase(java.util.Locale.ROOT) + "x-last: 2\r\n\r\n";
    private static final String PASSED = "\r\nhi\r\n0\r\nX-Sum: 1\r\nx-last: 2\r\n\r\n";

    private static final List<String> BODIES = new CopyOnWriteArrayList<>();
    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(connection -> {
            while (true) {
                String head = connection.request();
                BODIES.add(head.contains("chunked") ? connection.untilEmptyLine() : "");
                connection.send("HTTP/1.1 200 OK\r\n" + MESSAGE);
            }
        });
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @Test
    void trailers_ofRequest_onlyHarmlessOnesPass() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\n" + MESSAGE);
            assertThat(client.answer().status()).isEqualTo(200);
        }
        assertThat(BODIES.getLast()).isEqualTo("2" + PASSED);
        assertThat(origin.heads().getLast())
                .contains("\r\nTrailer: X-Sum\r\n")
                .doesNotContain("\r\nX-Sum:", "evil", "9.9.9.9");
    }

    @Test
    void trailers_ofResponse_onlyHarmlessOnesPass() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .isEqualTo("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\nConnection: close"
                            + "\r\n\r\n2" + PASSED);
        }
    }

    @Test
    void trailers_forHttp10Client_dropped() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.rest()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi");
        }
    }
}
