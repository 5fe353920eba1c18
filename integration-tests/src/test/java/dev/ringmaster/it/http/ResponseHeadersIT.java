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

/** Heads and framing of responses as the client gets them. */
class ResponseHeadersIT {
    private static Origin origin;
    private static Balancer balancer;
    private static volatile String response = "";

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(connection -> {
            do {
                connection.request();
                connection.send(response);
            } while (response.startsWith("HTTP/1.1"));
        });
        balancer = Front.of(origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    /** Everything that a client gets for its last request. */
    private static String got(String request, String fromOrigin) throws Exception {
        response = fromOrigin;
        try (Client client = new Client(balancer.port())) {
            return client.send(request).end().rest();
        }
    }

    private static String got11(String fromOrigin) throws Exception {
        return got("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", fromOrigin);
    }

    @Test
    void head_plain_keptByteForByte() throws Exception {
        String kept =
                "HTTP/1.1 299 Quite  odd \u00fc\r\nsERVER:  x \t\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nVia: 1.1 x\r\n";
        assertThat(got11(kept + "content-length: 2\r\n\r\nhi"))
                .isEqualTo(kept + "Content-Length: 2\r\nConnection: close\r\n\r\nhi");
    }

    @Test
    void hopByHopFields_removed() throws Exception {
        assertThat(got11("HTTP/1.1 200 OK\r\nConnection: X-Drop, keep-alive\r\nX-Drop: 1\r\nKeep-Alive: timeout=9\r\n"
                        + "Proxy-Authenticate: x\r\nProxy-Connection: x\r\nUpgrade: h2c\r\nTE: x\r\nServer: s\r\n"
                        + "Trailer: X\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    @Test
    void head_toKeepAliveClient_saysNothingOfConnection() throws Exception {
        response = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
        try (Client client = new Client(balancer.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/").answer().head()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            }
        }
    }

    @Test
    void answerToHead_hasLengthAndNoBody() throws Exception {
        response = "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n";
        try (Client client = new Client(balancer.port())) {
            for (int i = 0; i < 2; i++) {
                Answer answer =
                        client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n").answer(true);
                assertThat(answer.head()).isEqualTo(response);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 99\r\n\r\n"
            })
    void statusWithoutBody_keepsConnections(String bodiless) throws Exception {
        response = bodiless;
        int connections = origin.connections();
        try (Client client = new Client(balancer.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/").answer().head()).isEqualTo(bodiless);
            }
        }
        assertThat(origin.connections()).isLessThanOrEqualTo(connections + 1);
    }

    @Test
    void lengthOf204_dropped() throws Exception {
        assertThat(got11("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    }

    @Test
    void bodyUntilClose_toHttp11_chunked_toHttp10_untilClose() throws Exception {
        String old = "HTTP/1.0 200 OK\r\nX: y\r\n\r\nhello";
        String chunked = got11(old);
        assertThat(chunked)
                .startsWith("HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                .endsWith("\r\n0\r\n\r\n");
        assertThat(got("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", old))
                .isEqualTo("HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\n\r\nhello");
    }

    @Test
    void chunked_toHttp11_chunkedAnew_toHttp10_untilClose() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n002;x=y\r\nhi\r\n00\r\n\r\n";
        assertThat(got11(chunked))
                .isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + "2\r\nhi\r\n0\r\n\r\n");
        assertThat(got("GET / HTTP/1.0\r\n\r\n", chunked)).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi");
    }

    @Test
    void http10Client_keepsConnectionIfItAsks() throws Exception {
        response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        try (Client client = new Client(balancer.port())) {
            for (int i = 0; i < 2; i++) {
                Answer answer = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .answer();
                assertThat(answer.head())
                        .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n");
            }
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.rest()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        }
    }

    @Test
    void emptyChunkedBody_staysChunked() throws Exception {
        assertThat(got11("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n");
    }
}
