package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final String HOST = "Host: a\r\n";

    private static String wire(String text) {
        return text.replace("~", "\r\n")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\0", "\0")
                .replace("\\t", "\t");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            POST / HTTP/1.1~Host: a~Content-Length: 3~Content-Length: 3~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: 3, 3~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: +3~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: -3~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: 3 3~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: 99999999999999999999~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: ~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: 0x3~~abc => 400
            POST / HTTP/1.1~Host: a~Content-Length: 3~Transfer-Encoding: chunked~~0~~ => 400
            POST / HTTP/1.0~Host: a~Transfer-Encoding: chunked~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, gzip~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, chunked~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: xchunked~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, xchunked~~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~ => 501
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~3\\nabc~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~3;x\\n~abc~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~g~abc~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~ 3~abc~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~-3~abc~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~fffffffffffffffff~abc => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~3~abcX~0~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~0~Bad\\nTrailer: x~~ => 400
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~0~ fold: x~~ => 400
            GET / HTTP/1.1\\nHost: a~~ => 400
            GET / HTTP/1.1~Host: a\\n~~ => 400
            GET / HTTP/1.1~Host: a~X: b\\rc~~ => 400
            GET / HTTP/1.1~Host: a~X: b~ folded~~ => 400
            GET / HTTP/1.1~Host: a~X: b~\\tfolded~~ => 400
            GET / HTTP/1.1~Host: a~X: b\\0c~~ => 400
            GET / HTTP/1.1~Host: a~X : b~~ => 400
            GET / HTTP/1.1~Host: a~: b~~ => 400
            GET / HTTP/1.1~Host: a~nocolon~~ => 400
            `~GET / HTTP/1.1~Host: a~~` => 400
            ` GET / HTTP/1.1~Host: a~~` => 400
            GET  / HTTP/1.1~Host: a~~ => 400
            GET / HTTP/1.1 ~Host: a~~ => 400
            GET /a b HTTP/1.1~Host: a~~ => 400
            GET /a#b HTTP/1.1~Host: a~~ => 400
            GET a HTTP/1.1~Host: a~~ => 400
            GET * HTTP/1.1~Host: a~~ => 400
            GET /~Host: a~~ => 400
            GET / HTTP/1.1~~ => 400
            GET / HTTP/1.1~Host: a~Host: a~~ => 400
            GET / HTTP/1.1~Host: u@a~~ => 400
            GET / HTTP/1.1~Host: a b~~ => 400
            GET http://b/ HTTP/1.1~Host: a~~ => 400
            GET http://u@a/ HTTP/1.1~Host: a~~ => 400
            GET ftp://a/ HTTP/1.1~Host: a~~ => 400
            GET / HTTP/1.1~Host: a~Connection: content-length~~ => 400
            GET / HTTP/1.1~Host: a~Connection: Transfer-Encoding~~ => 400
            GET / HTTP/1.1~Host: a~Connection: close, Host~~ => 400
            GET / HTTP/1.2~Host: a~~ => 505
            GET / HTTP/2.0~Host: a~~ => 505
            GET / HTTP/0.9~Host: a~~ => 505
            GET / XTTP/1.1~Host: a~~ => 400
            GET / http/1.1~Host: a~~ => 400
            POST / HTTP/1.1~Host: a~Expect: 200-ok~Content-Length: 1~~a => 417
            """)
    void read_malformed_isRefused(String text, int status) {
        List<String> told = Requests.read(wire(text));
        assertThat(told.getLast()).as(text).startsWith(status + " ");
        assertThat(told).as("nothing is told twice").hasSizeLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            GET / HTTP/1.1~Host: a~~ => GET / 1.1|host=a|length=0|body=
            GET /x?y=1 HTTP/1.0~~ => GET /x?y=1 1.0|length=0|body=
            GET http://a/x HTTP/1.1~Host: A~~ => GET /x 1.1|host=A|length=0|body=
            GET http://a:80/x HTTP/1.1~Host: a~~ => GET /x 1.1|host=a|length=0|body=
            OPTIONS * HTTP/1.1~Host: a~~ => OPTIONS * 1.1|host=a|length=0|body=
            POST / HTTP/1.1~Host: a~Content-Length: 3~~abc => POST / 1.1|host=a|content-length=3|length=3|body=abc
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~3;x=y~abc~0~T: u~~ => POST / 1.1|host=a|transfer-encoding=chunked|chunked|body=abc|t=u
            POST / HTTP/1.1~Host: a~Transfer-Encoding: Chunked~~00003~abc~0~~ => POST / 1.1|host=a|transfer-encoding=Chunked|chunked|body=abc
            BREW /pot HTTP/1.1~Host: a:8080~X:  v \\t~~ => BREW /pot 1.1|host=a:8080|x=v|length=0|body=
            """)
    void read_valid_isTold(String text, String told) {
        assertThat(Requests.read(wire(text))).containsExactly(told);
    }

    @Test
    void read_cutAnywhere_tellsTheSame() {
        String wire =
                "POST /a?b HTTP/1.1\r\nHost: a\r\nX-Y: z\r\nTransfer-Encoding: chunked\r\n\r\n5;e=\"q\"\r\nhello\r\n"
                        + "A\r\n0123456789\r\n0\r\nT: u\r\n\r\nGET /next HTTP/1.1\r\nHost: b\r\n\r\nPUT /p HTTP/1.1\r\nHost: c\r\n"
                        + "Content-Length: 4\r\n\r\nbody";
        List<String> whole = Requests.read(wire);
        assertThat(whole).hasSize(3);
        for (int cut = 1; cut < wire.length(); cut++) {
            assertThat(Requests.read(wire, cut)).as("cut at %d", cut).isEqualTo(whole);
            assertThat(Requests.read(wire, cut, Math.min(cut + 1, wire.length())))
                    .as("cut at %d and after", cut)
                    .isEqualTo(whole);
        }
    }

    @Test
    void read_limits_holdToTheByte() {
        String path = "/" + "a".repeat(8192 - "GET  HTTP/1.1".length() - 1);
        assertThat(Requests.read("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n")
                        .getLast())
                .startsWith("GET /a");
        assertThat(Requests.read("GET " + path + "a HTTP/1.1\r\n" + HOST + "\r\n")
                        .getLast())
                .startsWith("414 ");
        assertThat(Requests.read("GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(99) + "\r\n")
                        .getLast())
                .startsWith("GET / ");
        assertThat(Requests.read("GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(100) + "\r\n")
                        .getLast())
                .startsWith("431 ");
        assertThat(Requests.read("GET / HTTP/1.1\r\n" + HOST + "X: " + "y".repeat(33_000) + "\r\n\r\n")
                        .getLast())
                .startsWith("431 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n"
            })
    void read_bodyOverTheBound_is413(String wire) {
        Requests requests = new Requests(10);
        requests.take(Unpooled.copiedBuffer(wire, java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(requests.told()).containsExactly("413 Request body is too large");
    }

    @Test
    void state_throughARequest_isTold() {
        Requests requests = new Requests(0);
        RequestReader reader = requests.reader();
        assertThat(reader.idle()).isTrue();
        requests.take(Unpooled.copiedBuffer("GET ", java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(reader.idle()).isFalse();
        assertThat(reader.inHead()).isTrue();
    }
}
