package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.bytes;
import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ResponseReaderTest {
    private static final String OK = "HTTP/1.1 200 OK";
    private static final String CONTINUE = lines("HTTP/1.1 100 Continue", "");
    private static final String NO_BODY = lines("HTTP/1.1 204 None", "");

    static Stream<Arguments> responses() {
        return Stream.of(
                row(OK + "|Content-Length: 2|", "ab", "200 1 length=2 body keep", "ab"),
                row(OK + "|Content-Length: 0|", "", "200 1 length=0 keep", ""),
                row(
                        OK + "|Transfer-Encoding: chunked|",
                        "1\r\na\r\n1;x=y\r\nb\r\n0\r\n\r\n",
                        "200 1 length=-1 chunked body keep",
                        "ab"),
                row(OK + "||", "ab", "200 1 length=-1 body until-close", "ab"),
                row("HTTP/1.0 200 OK|Connection: keep-alive|", "ab", "200 0 length=-1 body until-close", "ab"),
                row("HTTP/1.0 200 OK|Content-Length: 1|", "a", "200 0 length=1 body", "a"),
                row(
                        "HTTP/1.0 200 OK|Content-Length: 1|Connection: keep-alive|Keep-Alive: max=5, Timeout=7|",
                        "a",
                        "200 0 length=1 body keep timeout=7",
                        "a"),
                row(
                        OK + "|Content-Length: 1|Connection: x, close|Keep-Alive: timeout=x|",
                        "a",
                        "200 1 length=1 body",
                        "a"),
                row(OK + "|Content-Length: 1|Keep-Alive: max=5|", "a", "200 1 length=1 body keep", "a"),
                row("HTTP/1.1 204 |Content-Length: 5|", "", "204 1 length=5 keep", ""),
                row("HTTP/1.1 304|Content-Length: 5|", "", "304 1 length=5 keep", ""),
                row("HTTP/1.1 599 \u00e9 \t|Content-Length: 1|", "a", "599 1 length=1 body keep", "a"));
    }

    private static Arguments row(String head, String body, String meaning, String data) {
        String[] parts = head.split("\\|");
        return Arguments.of(lines(parts) + "\r\n" + body, meaning, data);
    }

    static Stream<String> breaches() {
        return Stream.of(
                "HTTP/1.1 200OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 -20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.2 200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/0.9 200 OK\r\n\r\n",
                "HTTP/1.1\t200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "garbage\r\n",
                "HTTP/1.1 200 OK\n\n",
                "HTTP/1.1 200 O\u0000K\r\n\r\n",
                "HTTP/1.1 200 " + "a".repeat(9000),
                lines(OK, "A: b\nc", ""),
                lines(OK, "A: b", " c", ""),
                lines(OK, "A : b", ""),
                lines(OK, "A: \u0000", ""),
                lines(OK, "A: " + "b".repeat(40_000), ""),
                lines(OK) + "A: b\r\n".repeat(101),
                lines(OK, "Content-Length: 1", "Content-Length: 1", "") + "a",
                lines(OK, "Content-Length: -1", ""),
                lines(OK, "Content-Length: 99999999999999999999", ""),
                lines(OK, "Content-Length: 1", "Transfer-Encoding: chunked", ""),
                lines("HTTP/1.0 200 OK", "Transfer-Encoding: chunked", ""),
                lines(OK, "Transfer-Encoding: gzip", ""),
                lines(OK, "Transfer-Encoding: gzip, chunked", ""),
                lines(OK, "Transfer-Encoding: chunked, xchunked", ""),
                lines(OK, "Connection: Content-Length", "Content-Length: 1", "") + "a",
                lines(OK, "Transfer-Encoding: chunked", "") + "z\r\n",
                lines(OK, "Transfer-Encoding: chunked", "") + "1\r\nabc",
                lines(OK, "Transfer-Encoding: chunked", "") + "7fffffffffffffff\r\n",
                lines("HTTP/1.1 204 None", "Content-Length: 1, 1", ""),
                CONTINUE.repeat(9),
                "",
                "HTT",
                CONTINUE,
                lines(OK),
                lines(OK, "Content-Length: 2", "") + "a",
                lines(OK, "Transfer-Encoding: chunked", "") + "1\r\na\r\n0\r\n");
    }

    @ParameterizedTest(name = "{index}: {1}")
    @MethodSource("responses")
    void read_validResponse_saysWhatItMeansAndWhereItEnds(String message, String meaning, String data) {
        ReadResponses read = ReadResponses.of(message);

        assertThat(read.fault).isNull();
        assertThat(read.heads).containsExactly(meaning);
        assertThat(read.body).hasToString(data);
        assertThat(read.trailers).isEmpty();
        assertThat(read.ended()).isTrue();
        Cuts.assertAllTheSame(bytes(message), ResponseReaderTest::outcome);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("breaches")
    void read_breachOfARule_isABadGatewayHoweverCut(String message) {
        ReadResponses read = ReadResponses.of(message);

        assertThat(read.fault).isNotNull();
        assertThat(read.fault.status()).isEqualTo(502);
        assertThat(read.fault.text()).isNotEmpty();
        Cuts.assertAllTheSame(bytes(message), ResponseReaderTest::outcome);
    }

    private static String outcome(byte[] message, int[] cuts) {
        return ReadResponses.of(message, cuts, false).outcome();
    }

    @Test
    void read_informationalHeads_givesEachAndThenTheFinalOne() {
        String message = CONTINUE.repeat(7) + lines("HTTP/1.1 103 Early Hints", "Link: </x>", "Content-Length: 3", "")
                + lines(OK, "Content-Length: 1", "") + "arest";

        ReadResponses read = ReadResponses.of(message);

        assertThat(read.heads).hasSize(9).endsWith("103 1 length=3 keep informational", "200 1 length=1 body keep");
        assertThat(read.fields.get(7)).containsExactly("Link:</x>", "Content-Length:3");
        assertThat(read.body).hasToString("a");
        assertThat(read.rest).isEqualTo("rest");
        Cuts.assertAllTheSame(bytes(message), ResponseReaderTest::outcome);
    }

    @Test
    void read_answerToHead_hasNoBodyWhateverItSays() {
        for (String framing : List.of("Content-Length: 5", "Transfer-Encoding: chunked", "A: b")) {
            ReadResponses read = ReadResponses.of(bytes(lines(OK, framing, "") + "rest"), Messages.whole(), true);

            assertThat(read.heads.getFirst()).doesNotContain("body").contains("keep");
            assertThat(read.rest).isEqualTo("rest");
        }
    }

    @Test
    void read_trailers_givesThem() {
        ReadResponses read = ReadResponses.of(lines(OK, "Transfer-Encoding: chunked", "", "0", "A: b", "C:", ""));

        assertThat(read.trailers).containsExactly("A:b", "C:");
    }

    @Test
    void read_switchingProtocols_leavesTheNewProtocolsBytes() {
        String message =
                lines("HTTP/1.1 101 Switching", "Upgrade: websocket", "Connection: upgrade", "") + "\u0081\u0000";

        ReadResponses read = ReadResponses.of(message);

        assertThat(read.heads).containsExactly("101 1 length=-1 keep informational websocket");
        assertThat(read.rest).isEqualTo("\u0081\u0000");
        assertThat(read.fault).isNull();
        assertThat(read.trailers).isNull();
        assertThat(ReadResponses.of(lines("HTTP/1.1 101 X", "Upgrade: h2c", "Connection: upgrade", "")).heads)
                .noneMatch(head -> head.contains("websocket"));
        assertThat(ReadResponses.of(lines("HTTP/1.1 101 X", "Upgrade: websocket", "")).heads)
                .noneMatch(head -> head.contains("websocket"));
    }

    @Test
    void read_bytesThatNobodyExpects_areAFault() {
        ResponseReader reader = new ResponseReader();

        reader.read(Unpooled.EMPTY_BUFFER);
        reader.inputClosed();
        assertThatThrownBy(() -> reader.read(buffer(OK)))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("Response was not expected");
        reader.expect(false, new Heads());
        assertThatThrownBy(() -> reader.read(buffer(OK))).hasMessage("Response was not expected");
    }

    @Test
    void read_severalResponsesInTurn_eachAfterItWasExpected() {
        Heads sink = new Heads();
        ResponseReader reader = new ResponseReader();
        ByteBuf two = buffer(NO_BODY + lines(OK, "Transfer-Encoding: chunked", "", "0", "A: b", ""));

        reader.expect(false, sink);
        assertThat(reader.headSeen()).isFalse();
        reader.read(two);
        assertThat(reader.headSeen()).isTrue();
        assertThat(reader.ended()).isTrue();
        assertThat(two.isReadable()).isTrue();
        reader.forget();
        reader.expect(false, sink);
        assertThat(reader.headSeen()).isFalse();
        assertThat(reader.ended()).isFalse();
        reader.read(two);

        assertThat(sink.seen).containsExactly("204", "end[]", "200", "end[A:b]");
        assertThatThrownBy(() -> reader.read(buffer("x"))).hasMessage("Response was not expected");
    }

    private static ByteBuf buffer(String latin) {
        return Unpooled.wrappedBuffer(bytes(latin));
    }

    private static final class Heads implements ResponseSink {
        final List<String> seen = new ArrayList<>();

        @Override
        public void responseHead(ResponseHead head) {
            seen.add("" + head.status());
        }

        @Override
        public void responseBody(ByteBuf data) {
            throw new AssertionError("no body was sent");
        }

        @Override
        public void responseEnd(Fields trailers) {
            seen.add("end" + ReadRequests.list(trailers));
        }
    }
}
