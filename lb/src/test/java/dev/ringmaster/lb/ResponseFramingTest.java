package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.RawClient.Ending;
import dev.ringmaster.lb.RawClient.Response;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the end of a body is told, whatever way the other side told it. */
final class ResponseFramingTest extends DataPlaneTest {
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 9\r\nHost: evil\r\n\r\n";
    private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\n\r\nabcde";
    private static final String HTTP_1_0 = "GET / HTTP/1.0\r\n\r\n";
    private static final String HTTP_1_0_KEPT = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    private static ScriptedOrigin always(String response) throws IOException {
        return new ScriptedOrigin(connection -> {
            while (true) {
                connection.answer(response);
            }
        });
    }

    @Test
    void chunkedResponse_toHttp11_staysChunkedWithTheHarmlessTrailers() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = always(CHUNKED);
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.get("/").response();
                assertThat(response.field("transfer-encoding")).isEqualTo("chunked");
                assertThat(response.text()).isEqualTo("abcde");
                assertThat(response.trailers()).isEqualTo("X-Sum: 9\n");
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void chunkedResponse_toHttp10_endsWithTheConnection() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = always(CHUNKED);
                RawClient client = proxy.serving(origin).client()) {
            Response response = client.send(HTTP_1_0_KEPT).response();
            assertThat(response.fields()).doesNotContainKeys("transfer-encoding", "content-length");
            assertThat(response.field("connection")).isEqualTo("close");
            assertThat(response.text()).isEqualTo("abcde");
        }
    }

    @Test
    void chunkedResponse_toHttp10_brokenOff_isAReset() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection ->
                        connection.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.send(HTTP_1_0).ending()).isEqualTo(Ending.RESET);
        }
    }

    @Test
    void responseUntilClose_toHttp11_becomesChunked() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> connection.answer(UNTIL_CLOSE));
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.get("/").response();
                assertThat(response.field("transfer-encoding")).isEqualTo("chunked");
                assertThat(response.text()).isEqualTo("abcde");
            }
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void responseUntilClose_toHttp11_reset_isACut() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.answer(UNTIL_CLOSE);
                    connection.head();
                });
                RawClient client = proxy.serving(origin).client()) {
            client.get("/").head();
            assertThat(new String(client.read(10), StandardCharsets.US_ASCII)).isEqualTo("5\r\nabcde\r\n");
            origin.die();
            assertThatThrownBy(() -> client.read(1)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void responseUntilClose_toHttp10_endsWithTheConnectionOrAReset() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.each(connection -> connection.answer(UNTIL_CLOSE), connection -> {
                    connection.answer(UNTIL_CLOSE);
                    connection.head();
                });
                RawClient whole = proxy.serving(origin).client();
                RawClient cut = proxy.client()) {
            assertThat(whole.send(HTTP_1_0).response().text()).isEqualTo("abcde");
            cut.send(HTTP_1_0).head();
            cut.read(5);
            origin.die();
            assertThat(cut.ending()).isEqualTo(Ending.RESET);
        }
    }

    @Test
    void http10_withKeepAlive_isKept() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = ScriptedOrigin.answering("hello");
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send(HTTP_1_0_KEPT).response();
                assertThat(response.field("connection")).isEqualTo("keep-alive");
                assertThat(response.text()).isEqualTo("hello");
            }
            assertThat(client.send(HTTP_1_0).response().field("connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
            assertThat(origin.heads().getFirst())
                    .contains("Host: 127.0.0.1:" + origin.address().getPort() + "\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HEAD | HTTP/1.1 200 OK~Content-Length: 5~~             | 5
            HEAD | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~    |
            GET  | HTTP/1.1 204 No Content~~                       |
            GET  | HTTP/1.1 204 No Content~Content-Length: 0~~     |
            GET  | HTTP/1.1 304 Not Modified~Content-Length: 7~~   | 7
            GET  | HTTP/1.1 304 Not Modified~Transfer-Encoding: chunked~~ |
            GET  | HTTP/1.1 200 OK~Content-Length: 0~~             | 0
            """)
    void response_withoutABody_endsWithItsHead(String method, String response, String length) throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = always(response.replace("~", "\r\n"));
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 0; i < 3; i++) {
                Response got = client.send(method + " /" + HEAD_END).response(method.equals("HEAD"));
                assertThat(got.status()).isEqualTo(Integer.parseInt(response.substring(9, 12)));
                assertThat(got.fields().get("content-length")).isEqualTo(length);
                assertThat(got.text()).isEmpty();
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void chunkedRequest_withTrailers_reachesTheReplicaChunked() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    StringBuilder body = new StringBuilder();
                    while (!body.toString().endsWith("\r\n\r\n")) {
                        body.append((char) connection.read(1)[0]);
                    }
                    connection.ok(body.toString());
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3;ext=1\r\nabc\r\n00\r\nX-Sum: 6\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.response().text()).isEqualTo("3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n");
            assertThat(origin.heads().getFirst())
                    .contains("Transfer-Encoding: chunked\r\n", "TE: trailers\r\n")
                    .doesNotContain("Content-Length");
        }
    }

    @Test
    void keepAliveTimeout_ofTheReplica_isHonoured() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.oneLoop());
        try (ScriptedOrigin origin = always("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
                RawClient client = proxy.serving(origin).client()) {
            client.get("/").response();
            client.get("/").response();
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void replica_thatCloses_isNotAskedAgainOnTheSameConnection() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                RawClient client = proxy.serving(origin).client()) {
            assertThat(client.get("/").response().fields()).doesNotContainKey("connection");
            client.get("/").response();
            assertThat(origin.connections()).isEqualTo(2);
        }
    }
}
