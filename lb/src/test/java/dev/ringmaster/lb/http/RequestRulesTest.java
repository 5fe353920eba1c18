package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of framing, with the status and text that a breach is answered with. */
final class RequestRulesTest {
    private static final String LINE = "Request line is not valid";
    private static final String TARGET = "Request target is not valid";
    private static final String HEADER = "Header line is not valid";
    private static final String LENGTH = "Content-Length is not valid";
    private static final String CODING = "Transfer-Encoding is not valid";
    private static final String HOST = "Host is not valid";
    private static final String DIFFERENT = "Host differs from the request target";
    private static final String SIZE = "Chunk size is not valid";
    private static final String NAMED = "Connection names a field that may not be removed";

    static Stream<Arguments> breaches() {
        return Stream.of(lineRows(), bodyRows(), chunkRows(), targetRows(), hostRows(), limitRows())
                .flatMap(rows -> rows);
    }

    private static Arguments row(int status, String text, String message) {
        return Arguments.of(status, text, message);
    }

    private static Arguments line(int status, String text, String line) {
        return row(status, text, lines(line, "Host: a", ""));
    }

    private static Arguments field(int status, String text, String... fields) {
        return row(status, text, lines("POST / HTTP/1.1", "Host: a", String.join("\r\n", fields), ""));
    }

    private static Arguments chunks(int status, String text, String chunks) {
        return row(status, text, lines("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "") + chunks);
    }

    private static Stream<Arguments> lineRows() {
        return Stream.of(
                row(400, LINE, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                row(400, LINE, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                row(400, LINE, "\u0016\u0003\u0001"),
                line(400, LINE, " GET / HTTP/1.1"),
                line(400, LINE, "GET  / HTTP/1.1"),
                line(400, LINE, "GET / HTTP/1.1 "),
                line(400, LINE, "GET\t/ HTTP/1.1"),
                line(400, LINE, "GET /"),
                line(400, LINE, "GET"),
                line(400, LINE, "G(T / HTTP/1.1"),
                line(400, LINE, "G\u00e9T / HTTP/1.1"),
                line(400, LINE, "GET / http/1.1"),
                line(400, LINE, "GET / HTTP/1.10"),
                line(400, LINE, "GET / HTTP/11"),
                line(400, LINE, "GET / HTTP/1,1"),
                line(400, LINE, "GET / HTTP/x.1"),
                line(400, LINE, "GET / HTTP/1.x"),
                line(400, LINE, "GET / a HTTP/1.1"),
                row(400, LINE, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                row(400, LINE, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
                row(400, LINE, "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n"),
                line(505, "HTTP version is not supported", "GET / HTTP/1.2"),
                line(505, "HTTP version is not supported", "GET / HTTP/0.9"),
                line(505, "HTTP version is not supported", "PRI * HTTP/2.0"),
                field(400, HEADER, "Name : value"),
                field(400, HEADER, "Na me: value"),
                field(400, HEADER, "Name"),
                field(400, HEADER, ": value"),
                field(400, HEADER, "N\u00e4me: value"),
                field(400, HEADER, "A: b", " folded"),
                field(400, HEADER, "A: b", "\tfolded"),
                field(400, HEADER, "A: b\u0000"),
                field(400, HEADER, "A: b\u0007"),
                field(400, HEADER, "A: b\u007f"),
                field(400, HEADER, "A: b\nB: c"),
                field(400, HEADER, "A: b\rB: c"),
                field(400, HEADER, "A: b\r"),
                row(400, HEADER, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                row(400, HEADER, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                row(400, HEADER, "GET / HTTP/1.1\r\nHost: a\r\n\rX"),
                field(417, "Expectation is not supported", "Expect: 200-maybe"),
                field(417, "Expectation is not supported", "Expect: 100-continue, other"),
                field(400, NAMED, "Connection: close, Content-Length"),
                field(400, NAMED, "Connection: transfer-encoding"),
                field(400, NAMED, "Connection: HOST"),
                field(400, "Connection has too many options", "Connection: " + "a,".repeat(64)));
    }

    private static Stream<Arguments> bodyRows() {
        return Stream.of(
                field(400, LENGTH, "Content-Length: 5", "Content-Length: 5"),
                field(400, LENGTH, "Content-Length: 5", "content-length: 6"),
                field(400, LENGTH, "Content-Length: 5, 5"),
                field(400, LENGTH, "Content-Length: +5"),
                field(400, LENGTH, "Content-Length: -5"),
                field(400, LENGTH, "Content-Length: 5 5"),
                field(400, LENGTH, "Content-Length: 0x5"),
                field(400, LENGTH, "Content-Length:"),
                field(400, LENGTH, "Content-Length: 9223372036854775808"),
                field(400, LENGTH, "Content-Length: 99999999999999999999999999"),
                field(
                        400,
                        "Content-Length is not allowed with Transfer-Encoding",
                        "Content-Length: 5",
                        "Transfer-Encoding: chunked"),
                row(
                        400,
                        "Transfer-Encoding is not allowed in HTTP/1.0",
                        lines("POST / HTTP/1.0", "Transfer-Encoding: chunked", "")),
                field(400, CODING, "Transfer-Encoding: gzip"),
                field(400, CODING, "Transfer-Encoding: identity"),
                field(400, CODING, "Transfer-Encoding: xchunked"),
                field(400, CODING, "Transfer-Encoding: chunked;a=b"),
                field(400, CODING, "Transfer-Encoding: \"chunked\""),
                field(400, CODING, "Transfer-Encoding:"),
                field(400, CODING, "Transfer-Encoding: chunked,"),
                field(400, CODING, "Transfer-Encoding: , chunked"),
                field(400, CODING, "Transfer-Encoding: chunked, gzip"),
                field(400, CODING, "Transfer-Encoding: chunked, xchunked"),
                field(400, CODING, "Transfer-Encoding: chunked, chunked"),
                field(400, CODING, "Transfer-Encoding: gzip, chunked, chunked"),
                field(400, CODING, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                field(400, CODING, "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
                field(501, "Transfer-Encoding is not supported", "Transfer-Encoding: gzip, chunked"),
                field(
                        501,
                        "Transfer-Encoding is not supported",
                        "Transfer-Encoding: gzip",
                        "Transfer-Encoding: chunked"));
    }

    private static Stream<Arguments> chunkRows() {
        return Stream.of(
                chunks(400, SIZE, "\r\n"),
                chunks(400, SIZE, "x\r\n"),
                chunks(400, SIZE, "-1\r\n"),
                chunks(400, SIZE, " 1\r\n"),
                chunks(400, SIZE, "1 \r\n"),
                chunks(400, SIZE, "0x1\r\n"),
                chunks(400, SIZE, "1\n"),
                chunks(400, SIZE, "1\rx"),
                chunks(400, SIZE, "00000000000000001\r\n"),
                chunks(400, SIZE, "8000000000000000\r\n"),
                chunks(400, SIZE, "1;\r\n"),
                chunks(400, SIZE, "1;a\n"),
                chunks(400, SIZE, "1;a \r\n"),
                chunks(400, SIZE, "1;a=\r\n"),
                chunks(400, SIZE, "1;a=b c\r\n"),
                chunks(400, SIZE, "1;a=\"b\n\"\r\n"),
                chunks(400, SIZE, "1;a=\"b\\\u0000\"\r\n"),
                chunks(400, SIZE, "1;a=\"b\"c\r\n"),
                chunks(400, SIZE, "1;\u0000\r\n"),
                chunks(400, SIZE, "1 a\r\n"),
                chunks(400, SIZE, "1;=b\r\n"),
                chunks(400, SIZE, "1;a b\r\n"),
                chunks(400, SIZE, "1;a=(\r\n"),
                chunks(400, SIZE, "1;a=\"\\\u007f\"\r\n"),
                chunks(400, "Chunk line is too long", "1;" + "a".repeat(4096)),
                chunks(400, "Chunk does not end where its size says", "1\r\nab\r\n"),
                chunks(400, "Chunk does not end where its size says", "1\r\na\n"),
                chunks(400, "Chunk does not end where its size says", "1\r\na\rb"),
                chunks(400, HEADER, "0\r\n\n"),
                chunks(400, HEADER, "0\r\nA : b\r\n\r\n"),
                chunks(400, HEADER, "0\r\nA: b\n\r\n"),
                chunks(400, HEADER, "0\r\nA: b\r\n c\r\n\r\n"));
    }

    private static Stream<Arguments> targetRows() {
        return Stream.of(
                line(400, TARGET, "GET * HTTP/1.1"),
                line(400, TARGET, "OPTIONS ** HTTP/1.1"),
                line(400, TARGET, "GET a HTTP/1.1"),
                line(400, TARGET, "GET a:80 HTTP/1.1"),
                line(400, TARGET, "GET https://a/ HTTP/1.1"),
                line(400, TARGET, "GET http:///x HTTP/1.1"),
                line(400, TARGET, "GET http:/x HTTP/1.1"),
                line(400, TARGET, "GET http://u:p@a/ HTTP/1.1"),
                line(400, TARGET, "GET http://a:b/ HTTP/1.1"),
                line(400, TARGET, "GET /#x HTTP/1.1"),
                line(400, TARGET, "GET /\u00e9 HTTP/1.1"),
                line(400, TARGET, "GET /\t HTTP/1.1"),
                line(400, TARGET, "CONNECT / HTTP/1.1"),
                line(400, TARGET, "CONNECT a HTTP/1.1"),
                line(400, TARGET, "CONNECT a: HTTP/1.1"),
                line(400, TARGET, "CONNECT http://a:80 HTTP/1.1"));
    }

    private static Stream<Arguments> hostRows() {
        Stream<Arguments> values = Stream.of(
                        "",
                        "u@a",
                        "a b",
                        "a/b",
                        "a?b",
                        "a:b",
                        "a:1:2",
                        "a:65536",
                        "a:000080",
                        ":80",
                        "a\\b",
                        "%",
                        "%4",
                        "%g0",
                        "[",
                        "[]",
                        "[::1",
                        "[::1]x",
                        "[::g]",
                        "[::1%25eth0]",
                        "<a>",
                        "h\u00f6st",
                        "\"a\"")
                .map(value -> row(400, HOST, lines("GET / HTTP/1.1", "Host: " + value, "")));
        Stream<Arguments> others = Stream.of(
                row(400, "Host is missing", lines("GET / HTTP/1.1", "")),
                row(400, "Host is missing", lines("GET http://a/ HTTP/1.1", "")),
                row(400, HOST, lines("GET / HTTP/1.1", "Host: a", "Host: a", "")),
                row(400, HOST, lines("GET / HTTP/1.0", "Host: a", "hOST: b", "")),
                row(400, HOST, lines("GET / HTTP/1.0", "Host:", "")),
                row(400, DIFFERENT, lines("GET http://b/ HTTP/1.1", "Host: a", "")),
                row(400, DIFFERENT, lines("GET http://a:81/ HTTP/1.1", "Host: a", "")),
                row(400, DIFFERENT, lines("GET http://a/ HTTP/1.0", "Host: a.b", "")),
                row(400, DIFFERENT, lines("GET http://a HTTP/1.1", "Host: b", "")));
        return Stream.concat(values, others);
    }

    private static Stream<Arguments> limitRows() {
        String tooLarge = "Header is too large";
        String field = "A: " + "b".repeat(32 * 1024 - "Host: a\r\nA: \r\n\r\n".length());
        return Stream.of(
                row(414, "Request line is too long", "GET /" + "a".repeat(8 * 1024 - 13) + " HTTP/1.1\r\n"),
                row(414, "Request line is too long", "a".repeat(8 * 1024 + 2)),
                field(431, tooLarge, field + "b"),
                field(431, tooLarge, "a".repeat(32 * 1024)),
                row(431, "Too many header fields", lines("GET / HTTP/1.1") + "A: b\r\n".repeat(101)),
                chunks(431, tooLarge, "0\r\nA: " + "b".repeat(32 * 1024)),
                chunks(431, "Too many header fields", "0\r\n" + "A: b\r\n".repeat(101)));
    }

    @ParameterizedTest(name = "{index}: {0} {1}")
    @MethodSource("breaches")
    void read_breachOfARule_answersItsStatus(int status, String text, String message) {
        ReadRequests read = ReadRequests.of(message);

        assertThat(read.fault).isNotNull();
        assertThat(read.fault.status()).isEqualTo(status);
        assertThat(read.fault.text()).isEqualTo(text);
    }

    @ParameterizedTest(name = "{index}: {0} {1}")
    @MethodSource("breaches")
    void read_breachOfARuleCutAnywhere_answersTheSame(int status, String text, String message) {
        Cuts.assertAllTheSame(
                Messages.bytes(message),
                (bytes, cuts) -> ReadRequests.of(bytes, cuts).outcome());
    }
}
