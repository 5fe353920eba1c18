package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.bytes;
import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ResponseWriterTest {
    private static final String OK = "HTTP/1.1 200 OK|";
    private static final String CHUNKED = "Transfer-Encoding: chunked|";

    static Stream<Arguments> heads() {
        return Stream.of(
                to11(
                        OK + "Content-Length: 05|Date: d|Server: s|",
                        "LENGTH",
                        OK + "Date: d|Server: s|Content-Length: 5|"),
                to11(OK + "Content-Length: 0|", "NONE", OK + "Content-Length: 0|"),
                to11(OK + "A: b|" + CHUNKED + "Trailer: c|", "CHUNKED", OK + "A: b|Trailer: c|" + CHUNKED),
                to11(OK, "CHUNKED", OK + CHUNKED),
                to11(
                        "HTTP/1.0 200 Fine|Connection: keep-alive|Keep-Alive: timeout=5|",
                        "CHUNKED",
                        "HTTP/1.1 200 Fine|" + CHUNKED),
                to11("HTTP/1.1 200|Content-Length: 1|", "LENGTH", "HTTP/1.1 200 |Content-Length: 1|"),
                to11("HTTP/1.1 200 |Content-Length: 1|", "LENGTH", "HTTP/1.1 200 |Content-Length: 1|"),
                to11("HTTP/1.1 204 No|Content-Length: 0|", "NONE", "HTTP/1.1 204 No|"),
                to11(
                        "HTTP/1.1 304 Same|Content-Length: 5|ETag: e|",
                        "NONE",
                        "HTTP/1.1 304 Same|ETag: e|Content-Length: 5|"),
                to11("HTTP/1.1 304 Same|" + CHUNKED + "Trailer: a|", "NONE", "HTTP/1.1 304 Same|"),
                to11(
                        OK
                                + "A: b|Connection: a, close|Upgrade: h2c|Proxy-Connection: x|TE: y|Proxy-Authenticate: z|B: c|",
                        "CHUNKED",
                        OK + "B: c|" + CHUNKED),
                to11(
                        OK
                                + "Connection: cookie|Cookie: a|X_Forwarded_For: b|Via: c|Max-Forwards: 1|Expect: d|X-Forwarded-X: e|",
                        "CHUNKED",
                        OK + "Cookie: a|X_Forwarded_For: b|Via: c|Max-Forwards: 1|Expect: d|X-Forwarded-X: e|"
                                + CHUNKED),
                to11(
                        "HTTP/1.1 103 Hints|Link: a|Content-Length: 5|Connection: close|",
                        "NONE",
                        "HTTP/1.1 103 Hints|Link: a|"),
                to11(
                        "HTTP/1.1 101 Go|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Accept: a|",
                        "NONE",
                        "HTTP/1.1 101 Go|Sec-WebSocket-Accept: a|Connection: Upgrade|Upgrade: websocket|"),
                row(true, 1, false, OK + "Content-Length: 5|", "NONE", OK + "Content-Length: 5|"),
                row(true, 1, false, OK + CHUNKED + "Trailer: a|", "NONE", OK),
                row(false, 1, true, OK + "Content-Length: 5|", "LENGTH", OK + "Content-Length: 5|Connection: close|"),
                row(
                        false,
                        0,
                        false,
                        OK + "Content-Length: 5|",
                        "LENGTH",
                        OK + "Content-Length: 5|Connection: keep-alive|"),
                row(false, 0, true, OK + "Content-Length: 5|", "LENGTH", OK + "Content-Length: 5|Connection: close|"),
                row(false, 0, false, OK + CHUNKED + "Trailer: a|", "CLOSE", OK + "Connection: close|"),
                row(false, 0, false, OK, "CLOSE", OK + "Connection: close|"));
    }

    private static Arguments to11(String in, String coding, String out) {
        return row(false, 1, false, in, coding, out);
    }

    private static Arguments row(boolean head, int minor, boolean close, String in, String coding, String out) {
        return Arguments.of(head, minor, close, in, coding, out);
    }

    @ParameterizedTest(name = "{index}: {3}")
    @MethodSource("heads")
    void head_ofAnUpstream_isReframedForTheClient(
            boolean headRequest, int minor, boolean close, String in, BodyCoding coding, String out) {
        ByteBuf written = Unpooled.buffer();
        ResponseReader reader = new ResponseReader();
        reader.expect(headRequest, new ResponseSink() {
            @Override
            public void responseHead(ResponseHead head) {
                assertThat(ResponseWriter.coding(head, headRequest, minor)).isEqualTo(coding);
                ResponseWriter.head(head, new ResponseHop(minor, close, coding), written);
            }

            @Override
            public void responseBody(ByteBuf data) {
                throw new AssertionError("no body was sent");
            }

            @Override
            public void responseEnd(Fields trailers) {}
        });
        reader.read(Unpooled.wrappedBuffer(bytes(lines(in.split("\\|")) + "\r\n")));

        assertThat(Messages.latin(written).replace("\r\n", "|")).isEqualTo(out + "|");
    }
}
