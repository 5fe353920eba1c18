package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests as the origin gets them from a client that nobody trusts. */
class RequestHeadersIT {
    private static final String ID = "X-Request-Id: [0-9a-f]{16}\r\n";

    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.echoing();
        balancer = Front.of(origin.port(), "hash.key=header:X-Key,random", "proxy.via=edge-1");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    /** The head that the origin got; the random request id stands as {@code ID}. */
    private static String heard(String request) throws Exception {
        try (Client client = new Client(balancer.port())) {
            String head = client.send(request).answer().text();
            assertThat(head).containsPattern("\r\n" + ID);
            return head.replaceFirst(ID, "X-Request-Id: ID\r\n");
        }
    }

    private static String added(String host) {
        return "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: " + host
                + "\r\nForwarded: for=127.0.0.1;host=\"" + host
                + "\";proto=http\r\nVia: 1.1 edge-1\r\nX-Request-Id: ID\r\n";
    }

    @Test
    void head_plain_keptByteForByteAndForwardingAdded() throws Exception {
        String kept =
                "hOST: Example.ORG:8080\r\nX-a:  b \t\r\nCookie: a=1\r\nCookie: b=2\r\nX-Empty:\r\nX-e: \u00e9\r\n";
        assertThat(heard("GET /a%20b?c=%7e&d HTTP/1.1\r\n" + kept + "\r\n"))
                .isEqualTo("GET /a%20b?c=%7e&d HTTP/1.1\r\n" + kept + added("Example.ORG:8080") + "\r\n");
    }

    @Test
    void hopByHopFields_removed() throws Exception {
        assertThat(heard("GET / HTTP/1.1\r\nConnection: keep-alive, X-Drop\r\nHost: test\r\nX-Drop: 1\r\nx-drop: 2\r\n"
                        + "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: x\r\n"
                        + "Proxy-Authenticate: x\r\nTE: gzip\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nAccept: */*\r\n"
                        + "Connection: , x-DROP-too ,\r\nX-Drop-Too: 1\r\nTrailer: X\r\n\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: test\r\nAccept: */*\r\n" + added("test") + "\r\n");
    }

    @Test
    void fieldsNamedInConnection_thatSayWhoAsks_stay() throws Exception {
        String kept = "Host: test\r\nVia: 1.0 before\r\nAuthorization: a\r\nCookie: c\r\nX-Key: k\r\n";
        String options = "Connection: via, authorization, cookie, x-key, forwarded, x-forwarded-for, x-forwarded-proto,"
                + " x-forwarded-host, x-forwarded-port, x-request-id, accept\r\n";
        assertThat(heard("GET / HTTP/1.1\r\n" + kept + options + "Accept: */*\r\n\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\n" + kept + added("test") + "\r\n");
    }

    @Test
    void forwardingFields_ofAnyone_replaced() throws Exception {
        String forged = "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nX-Forwarded-Anything: 1\r\n"
                + "Forwarded: for=9.9.9.9\r\nX-Request-Id: mine\r\n";
        assertThat(heard("GET / HTTP/1.1\r\nHost: test\r\n" + forged + "\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: test\r\n" + added("test") + "\r\n");
    }

    @Test
    void lookAlikes_ofManagedFields_dropped() throws Exception {
        String dropped = "X_Forwarded_For: 9.9.9.9\r\nX-Forwarded_Proto: https\r\nX_FORWARDED-HOST: evil\r\n"
                + "X_Request_Id: mine\r\nContent_Length: 5\r\nTransfer_Encoding: chunked\r\nKeep_Alive: 1\r\n"
                + "Proxy_Authorization: x\r\nMax_Forwards: 1\r\nX_Forwarded_Anything: 1\r\n";
        String kept = "Host: test\r\nX_Real_Thing: 1\r\nMy_Header: 1\r\n";
        assertThat(heard("GET / HTTP/1.1\r\n" + kept + dropped + "\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\n" + kept + added("test") + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trailers", "TRAILERS", "gzip;q=0.5, trailers", "trailers , deflate"})
    void te_withTrailers_issuedAnew(String value) throws Exception {
        assertThat(heard("GET / HTTP/1.1\r\nTE: " + value + "\r\nHost: test\r\nConnection: TE\r\n\r\n"))
                .isEqualTo(
                        "GET / HTTP/1.1\r\nHost: test\r\n" + added("test") + "Connection: TE\r\nTE: trailers\r\n\r\n");
    }

    @Test
    void length_writtenAnew() throws Exception {
        assertThat(heard("PUT / HTTP/1.1\r\ncontent-LENGTH:  0003\r\nHost: test\r\n\r\nabc"))
                .isEqualTo("PUT / HTTP/1.1\r\nHost: test\r\n" + added("test") + "Content-Length: 3\r\n\r\n");
        assertThat(heard("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo("POST / HTTP/1.1\r\nHost: test\r\n" + added("test") + "Content-Length: 0\r\n\r\n");
    }

    @Test
    void http10_sentAsHttp11() throws Exception {
        String head = heard("GET / HTTP/1.0\r\nX: y\r\nTE: trailers\r\nExpect: 100-continue\r\n\r\n");
        String host = "127.0.0.1:" + origin.port();
        assertThat(head)
                .isEqualTo("GET / HTTP/1.1\r\nHost: " + host + "\r\nX: y\r\nX-Forwarded-For: 127.0.0.1\r\n"
                        + "X-Forwarded-Proto: http\r\nForwarded: for=127.0.0.1;proto=http\r\nVia: 1.0 edge-1\r\n"
                        + "X-Request-Id: ID\r\n\r\n");
        assertThat(heard("GET / HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\n\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: test\r\n" + added("test").replace("1.1 edge", "1.0 edge") + "\r\n");
    }

    @Test
    void requestId_ofEachRequest_isItsOwn() throws Exception {
        try (Client client = new Client(balancer.port())) {
            String first = client.get("/").answer().text().replaceFirst("(?s).*(" + ID + ").*", "$1");
            assertThat(client.get("/").answer().text()).containsPattern(ID).doesNotContain(first);
        }
    }
}
