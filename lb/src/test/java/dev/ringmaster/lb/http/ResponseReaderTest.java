package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseReaderTest {
    private static String wire(String text) {
        return text.replace("~", "\r\n")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\0", "\0");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            HTTP/1.1 200 OK~Content-Length: 3~Content-Length: 3~~abc
            HTTP/1.1 200 OK~Content-Length: 3, 3~~abc
            HTTP/1.1 200 OK~Content-Length: -3~~abc
            HTTP/1.1 200 OK~Content-Length: 99999999999999999999~~abc
            HTTP/1.1 200 OK~Content-Length: 3~Transfer-Encoding: chunked~~0~~
            HTTP/1.0 200 OK~Transfer-Encoding: chunked~~0~~
            HTTP/1.1 200 OK~Transfer-Encoding: gzip~~abc
            HTTP/1.1 200 OK~Transfer-Encoding: chunked, chunked~~0~~
            HTTP/1.1 200 OK~Transfer-Encoding: chunked~~x~abc~0~~
            HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3\\nabc~0~~
            HTTP/1.1 200 OK~X: a\\0b~~
            HTTP/1.1 200 OK~X: a\\rb~~
            HTTP/1.1 200 OK~X: a\\n~~
            HTTP/1.1 200 OK~X : a~~
            HTTP/1.1 200 OK~X: a~ b~~
            HTTP/2.0 200 OK~~
            HTTP/1.1 20 OK~~
            HTTP/1.1 2000 OK~~
            HTTP/1.1 099 OK~~
            garbage~~
            `~HTTP/1.1 200 OK~~`
            """)
    void read_malformed_is502(String text) {
        assertThat(Responses.read(wire(text), false).getLast()).as(text).startsWith("502 ");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            HTTP/1.1 200 OK~Content-Length: 3~~abc => 200 1.1|content-length=3|body=abc
            HTTP/1.1 200~Content-Length: 0~~ => 200 1.1|content-length=0|body=
            HTTP/1.1 200 ~Content-Length: 0~~ => 200 1.1|content-length=0|body=
            HTTP/1.0 200 OK~~abc => 200 1.0|body=abc
            HTTP/1.1 204 No Content~~ => 204 1.1|body=
            HTTP/1.1 304 Not Modified~Content-Length: 5~~ => 304 1.1|content-length=5|body=
            HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~abc~0~T: u~~ => 200 1.1|transfer-encoding=chunked|body=abc|t=u
            """)
    void read_valid_isTold(String text, String told) {
        assertThat(Responses.read(wire(text), false)).containsExactly(told);
    }

    @Test
    void read_toHead_hasNoBody() {
        assertThat(Responses.read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true))
                .containsExactly("200 1.1|content-length=5|body=");
    }

    @Test
    void read_bytesAfterTheEnd_areLeft() {
        assertThat(Responses.read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP", false))
                .endsWith("left 4");
    }

    @Test
    void read_cutWithinBody_isToldAsCut() {
        assertThat(Responses.read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", false))
                .containsExactly("cut 502");
        assertThat(Responses.read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", false))
                .containsExactly("cut 502");
    }

    @Test
    void read_informational_upToEight() {
        String early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
        String end = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assertThat(Responses.read(early.repeat(8) + end, false)).hasSize(9).endsWith("200 1.1|content-length=0|body=");
        assertThat(Responses.read(early.repeat(9) + end, false).getLast()).startsWith("502 ");
    }

    @Test
    void read_switching_leavesTheRest() {
        assertThat(Responses.read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nraw", false))
                .containsExactly("101 1.1|upgrade=websocket", "left 3");
    }

    @Test
    void read_cutAnywhere_tellsTheSame() {
        String wire = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;e=1\r\nhello\r\n0\r\nT: u\r\n\r\n";
        List<String> whole = Responses.read(wire, false);
        assertThat(whole).hasSize(2);
        for (int cut = 1; cut < wire.length(); cut++) {
            assertThat(Responses.read(wire, false, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
    }
}
