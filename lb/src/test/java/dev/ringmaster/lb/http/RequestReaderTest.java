package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.bytes;
import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestReaderTest {
    private static final String HEAD = lines("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "");

    static Stream<Arguments> heads() {
        return Stream.of(
                head("GET /x?y=/?z HTTP/1.1|Host: a", "GET /x?y=/?z /x 1 a length=-1 keep idempotent"),
                head("GET //x HTTP/1.1|Host: a", "GET //x //x 1 a length=-1 keep idempotent"),
                head("GET /\"<>\\^`{} HTTP/1.1|Host: a", "GET /\"<>\\^`{} /\"<>\\^`{} 1 a length=-1 keep idempotent"),
                head("HEAD / HTTP/1.1|host:a:80", "HEAD / / 1 a:80 length=-1 keep idempotent"),
                head("PUT / HTTP/1.1|Host: a|Content-Length: 0", "PUT / / 1 a length=0 keep idempotent"),
                head("DELETE / HTTP/1.1|Host: a|Content-Length: 00", "DELETE / / 1 a length=0 keep idempotent"),
                head("POST / HTTP/1.1|Host: [::1]:8080", "POST / / 1 [::1]:8080 length=-1 keep"),
                head("POST / HTTP/1.1|Host: [::ffff:192.0.2.1]", "POST / / 1 [::ffff:192.0.2.1] length=-1 keep"),
                head("PATCH / HTTP/1.1|Host: a%41-_.~!$&'()*+,;=:", "PATCH / / 1 a%41-_.~!$&'()*+,;=: length=-1 keep"),
                head("get / HTTP/1.1|Host: a", "get / / 1 a length=-1 keep"),
                head("BREW / HTTP/1.1|Host: a", "BREW / / 1 a length=-1 keep"),
                head("TRACE / HTTP/1.1|Host: a|Max-Forwards: 3", "TRACE / / 1 a length=-1 keep idempotent hops=3"),
                head("OPTIONS * HTTP/1.1|Host: a|Max-Forwards: 0", "OPTIONS * * 1 a length=-1 keep idempotent hops=0"),
                head("OPTIONS * HTTP/1.1|Host: a|Max-Forwards: x", "OPTIONS * * 1 a length=-1 keep idempotent"),
                head(
                        "OPTIONS / HTTP/1.1|Host: a|Max-Forwards: 99999999999",
                        "OPTIONS / / 1 a length=-1 keep idempotent hops=2147483647"),
                head("GET / HTTP/1.1|Host: a|Max-Forwards: 3", "GET / / 1 a length=-1 keep idempotent"),
                head("CONNECT a:443 HTTP/1.1|Host: b", "CONNECT a:443 a:443 1 b length=-1 keep"),
                head("GET http://A:80/x?y HTTP/1.1|Host: a", "GET /x?y /x 1 a length=-1 keep idempotent"),
                head("GET HTTP://a/x HTTP/1.1|Host: a:", "GET /x /x 1 a: length=-1 keep idempotent"),
                head("GET http://a HTTP/1.1|Host: a:080", "GET / / 1 a:080 length=-1 keep idempotent"),
                head("GET http://a?b=/ HTTP/1.1|Host: a", "GET /?b=/ / 1 a length=-1 keep idempotent"),
                head("GET http://[::1]:80 HTTP/1.1|Host: [::1]", "GET / / 1 [::1] length=-1 keep idempotent"),
                head("OPTIONS http://a HTTP/1.1|Host: a", "OPTIONS * * 1 a length=-1 keep idempotent"),
                head("OPTIONS http://a/ HTTP/1.1|Host: a", "OPTIONS / / 1 a length=-1 keep idempotent"),
                head("OPTIONS http://a?b HTTP/1.1|Host: a", "OPTIONS /?b / 1 a length=-1 keep idempotent"),
                head("GET / HTTP/1.0", "GET / / 0 null length=-1 idempotent"),
                head("GET http://a:81?b HTTP/1.0", "GET /?b / 0 a:81 length=-1 idempotent"),
                head("GET / HTTP/1.0|Connection: Keep-Alive", "GET / / 0 null length=-1 keep idempotent"),
                head("GET / HTTP/1.0|Connection: keep-alive, close", "GET / / 0 null length=-1 idempotent"),
                head("GET / HTTP/1.0|Expect: 100-continue", "GET / / 0 null length=-1 idempotent"),
                head("GET / HTTP/1.0|Expect: other", "GET / / 0 null length=-1 idempotent"),
                head("GET / HTTP/1.1|Host: a|Connection: x,, CLOSE ", "GET / / 1 a length=-1 idempotent"),
                head("GET / HTTP/1.1|Host: a|Connection: x|connection: close", "GET / / 1 a length=-1 idempotent"),
                head("GET / HTTP/1.1|Host: a|Expect: 100-Continue", "GET / / 1 a length=-1 keep expect idempotent"),
                head(
                        "GET / HTTP/1.1|Host: a|Upgrade: h2c, WebSocket|Connection: Upgrade, x",
                        "GET / / 1 a length=-1 keep websocket idempotent"),
                head("GET / HTTP/1.1|Host: a|Upgrade: websocket", "GET / / 1 a length=-1 keep idempotent"),
                head("GET / HTTP/1.1|Host: a|Connection: upgrade", "GET / / 1 a length=-1 keep idempotent"),
                head(
                        "GET / HTTP/1.1|Host: a|Connection: upgrade|Upgrade: h2c",
                        "GET / / 1 a length=-1 keep idempotent"),
                head("POST / HTTP/1.1|Host: a|Connection: upgrade|Upgrade: websocket", "POST / / 1 a length=-1 keep"),
                head("GET / HTTP/1.0|Connection: upgrade|Upgrade: websocket", "GET / / 0 null length=-1 idempotent"));
    }

    private static Arguments head(String lines, String expected) {
        return Arguments.of(lines(lines.split("\\|")) + "\r\n", expected);
    }

    static Stream<String> bodies() {
        return Stream.of(
                lines("POST / HTTP/1.1", "Host: a", "Content-Length: 11", "") + "hello\r\n\r\n0\r",
                HEAD + "B\r\nhello\r\n\r\n0\r\r\n0\r\n\r\n",
                HEAD + "5\r\nhello\r\n06\r\n\r\n\r\n0\r\r\n000\r\n\r\n",
                HEAD
                        + "000000000000000b;a;b=c ; d=\"e;\\\"\u00e9\\\t\"\t;f = \"\";g\t;h=i;j \t=k\r\nhello\r\n\r\n0\r\r\n0;x\r\n\r\n",
                lines("POST / HTTP/1.0", "Content-Length: 11", "") + "hello\r\n\r\n0\r",
                lines("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: \tChunked ", "")
                        + "b\r\nhello\r\n\r\n0\r\r\n0\r\nA: b\r\nContent-Length: 5\r\n\r\n");
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("heads")
    void read_validHead_saysWhatItMeans(String message, String expected) {
        ReadRequests read = ReadRequests.of(message);

        assertThat(read.fault).isNull();
        assertThat(read.requests).hasSize(1);
        assertThat(read.requests.getFirst().head()).isEqualTo(expected);
        Cuts.assertAllTheSame(
                bytes(message + message),
                (all, cuts) -> ReadRequests.of(all, cuts).outcome());
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("bodies")
    void read_body_endsWhereItSays(String message) {
        ReadRequests read = ReadRequests.of(message + message + "GET ");

        assertThat(read.fault).isNull();
        assertThat(read.requests)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.body()).isEqualTo("hello\r\n\r\n0\r"));
        assertThat(read.outcome()).endsWith("in head");
        Cuts.assertAllTheSame(
                bytes(message + message),
                (all, cuts) -> ReadRequests.of(all, cuts).outcome());
    }

    @Test
    void read_fieldsAndTrailers_givesThemWithoutWhiteSpace() {
        ReadRequests read = ReadRequests.of(lines(
                        "POST / HTTP/1.1",
                        "Host:a",
                        "A: \t b \u00e9\tc \t",
                        "B:",
                        "C:  ",
                        "Transfer-Encoding: chunked",
                        "")
                + lines("0", "D:e", "D: f ", ""));

        assertThat(read.requests.getFirst().fields())
                .containsExactly("Host:a", "A:b \u00e9\tc", "B:", "C:", "Transfer-Encoding:chunked");
        assertThat(read.requests.getFirst().trailers()).containsExactly("D:e", "D:f");
    }

    @Test
    void read_limitsJustReached_accepts() {
        String line = "GET /" + "a".repeat(8 * 1024 - 14) + " HTTP/1.1\r\n";
        String field = "A: " + "b".repeat(32 * 1024 - "Host: a\r\nA: \r\n\r\n".length());
        String fields = "A: b\r\n".repeat(99);

        assertThat(ReadRequests.of(lines(line + "Host: a", field, "")).requests).hasSize(1);
        assertThat(ReadRequests.of(lines("GET / HTTP/1.1", "Host: a", fields)).requests)
                .hasSize(1);
        assertThat(ReadRequests.of(HEAD + "1;" + "a".repeat(4096 - 5) + "\r\n").outcome())
                .doesNotContain("400");
    }

    @Test
    void read_bodyOverTheBound_answers413AndTellsNothingOfIt() {
        String length = lines("POST / HTTP/1.1", "Host: a", "Content-Length: 6", "");
        for (String over : List.of(length, HEAD + "6\r\n", HEAD + "3\r\nabc\r\n3\r\n", HEAD + "7fffffffffffffff\r\n")) {
            ReadRequests read = new ReadRequests(5);
            read.all(bytes(over), Messages.whole());

            assertThat(read.fault.status()).isEqualTo(413);
            assertThat(read.fault.text()).isEqualTo("Request body is too large");
            assertThat(read.requests).isEmpty();
        }
        ReadRequests within = new ReadRequests(5);
        within.all(bytes(HEAD + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), Messages.whole());
        assertThat(within.requests.getFirst().body()).isEqualTo("abcde");
    }

    @Test
    void read_afterTheEnd_takesNothingUntilNext() {
        ReadRequests sink = new ReadRequests(0);
        RequestReader reader = new RequestReader(0);
        ByteBuf in = Unpooled.wrappedBuffer(bytes(lines("GET / HTTP/1.1", "Host: a", "") + "G"));

        assertThat(reader.idle()).isTrue();
        reader.read(in, sink);
        reader.read(in, sink);

        assertThat(reader.ended()).isTrue();
        assertThat(reader.idle()).isFalse();
        assertThat(in.readableBytes()).isEqualTo(1);

        reader.next();
        assertThat(reader.idle()).isTrue();
        assertThat(reader.inHead()).isFalse();
        reader.read(in, sink);
        assertThat(reader.inHead()).isTrue();
        assertThat(reader.idle()).isFalse();
    }

    @Test
    void read_afterAFault_throwsItAgain() {
        RequestSink sink = new ReadRequests(0);
        RequestReader reader = new RequestReader(0);

        assertThatThrownBy(() -> reader.read(Unpooled.wrappedBuffer(bytes("\r\n")), sink))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> reader.read(Unpooled.wrappedBuffer(bytes("GET / HTTP/1.0\r\n\r\n")), sink))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("Request line is not valid")
                .satisfies(fault -> assertThat(fault.getStackTrace()).isEmpty());
    }

    @Test
    void read_bigHeadThenSmallOnes_givesTheMemoryBack() {
        RequestReader reader = new RequestReader(0);
        Fields[] fields = new Fields[1];
        RequestSink sink = new RequestSink() {
            @Override
            public void requestHead(RequestHead head) {
                fields[0] = head.fields();
            }

            @Override
            public void requestBody(ByteBuf data) {
                throw new AssertionError("no body was sent");
            }

            @Override
            public void requestEnd(Fields trailers) {
                assertThat(fields[0].bytes().length).isGreaterThan(20_000);
            }
        };
        reader.read(Unpooled.wrappedBuffer(bytes(lines("GET / HTTP/1.0", "A: " + "b".repeat(20_000), ""))), sink);
        reader.next();

        assertThat(fields[0].bytes().length).isLessThan(1024);
    }
}
