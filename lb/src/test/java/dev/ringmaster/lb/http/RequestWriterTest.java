package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.bytes;
import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestWriterTest {
    private static final String PEER = "192.0.2.1";
    private static final String NEW_FOR = "X-Forwarded-For: 192.0.2.1|";
    private static final String NEW_PROTO = "X-Forwarded-Proto: http|";
    private static final String NEW_HOST = "X-Forwarded-Host: a|";
    private static final String NEW_ID = "X-Request-Id: id-7|";
    private static final String VIA = "Via: 1.1 ring|";
    private static final String ADDED =
            NEW_FOR + NEW_PROTO + NEW_HOST + "Forwarded: for=192.0.2.1;host=\"a\";proto=http|" + VIA + NEW_ID;

    static Stream<Arguments> fromAnyone() {
        return Stream.of(
                row("GET /x?y HTTP/1.1|Host: a|Accept: \t*/* |", "GET /x?y HTTP/1.1|Host: a|Accept: \t*/* |" + ADDED),
                row("BREW http://A/x HTTP/1.1|A: b|host: a|", "BREW /x HTTP/1.1|A: b|host: a|" + ADDED),
                row("GET http://a HTTP/1.1|Host: a|", "GET / HTTP/1.1|Host: a|" + ADDED),
                row("OPTIONS http://a HTTP/1.1|Host: a|", "OPTIONS * HTTP/1.1|Host: a|" + ADDED),
                kept("GET", "Content-Type: a|Authorization: b|Cookie: c|Via: 1.0 other|Sec-WebSocket-Key: d|"),
                dropped("GET", "Connection: close|Keep-Alive: a|Proxy-Connection: b|Upgrade: c|TE: gzip|Trailer: d|"),
                dropped(
                        "GET",
                        "HTTP2-Settings: a|Proxy-Authorization: b|Proxy-Authenticate: c|Connection: HTTP2-Settings|"),
                dropped(
                        "GET",
                        "x_forwarded_for: a|X_Forwarded-Proto: b|X-Forwarded_New: c|X_Request_Id: d|content_length: 5|"
                                + "Transfer_Encoding: chunked|keep_alive: e|"),
                kept("GET", "Content_Type: a|X_Other: b|Forwarde_: c|"),
                dropped(
                        "GET",
                        "X-Forwarded-For: 1.1.1.1|X-Forwarded-Proto: b|X-Forwarded-Host: c|X-Forwarded-Port: d|"
                                + "Forwarded: e|X-Request-Id: f|"),
                dropped("GET", "A: b|Connection: close, a|Connection: ,Content-Type|a: c|Content-Type: d|"),
                row(
                        "GET / HTTP/1.1|Host: a|Connection: Authorization, cookie, via, X-Forwarded-For, x-key|"
                                + "Authorization: a|Cookie: b|Via: c|X-Key: d|",
                        "GET / HTTP/1.1|Host: a|Authorization: a|Cookie: b|Via: c|X-Key: d|" + ADDED),
                row(
                        "GET / HTTP/1.1|Host: a|TE: gzip;q=1, Trailers|Connection: TE|",
                        "GET / HTTP/1.1|Host: a|" + ADDED + "Connection: TE|TE: trailers|"),
                row(
                        "GET / HTTP/1.1|Host: a|Upgrade: h2c, websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|",
                        "GET / HTTP/1.1|Host: a|Sec-WebSocket-Version: 13|" + ADDED
                                + "Connection: Upgrade|Upgrade: websocket|"),
                row(
                        "GET / HTTP/1.1|Host: a|TE: trailers|Upgrade: websocket|Connection: Upgrade, TE|",
                        "GET / HTTP/1.1|Host: a|" + ADDED
                                + "Connection: Upgrade, TE|Upgrade: websocket|TE: trailers|"));
    }

    static Stream<Arguments> framed() {
        return Stream.of(
                row(
                        "POST / HTTP/1.1|Host: a|Content-Length: 007|A: b|",
                        "POST / HTTP/1.1|Host: a|A: b|" + ADDED + "Content-Length: 7|"),
                row(
                        "POST / HTTP/1.1|Host: a|Content-Length: 0|",
                        "POST / HTTP/1.1|Host: a|" + ADDED + "Content-Length: 0|"),
                row(
                        "POST / HTTP/1.1|Host: a|Content-Length: 9223372036854775807|",
                        "POST / HTTP/1.1|Host: a|" + ADDED + "Content-Length: 9223372036854775807|"),
                row(
                        "POST / HTTP/1.1|Transfer-Encoding: CHUNKED|Trailer: A|Host: a|Expect: 100-continue|",
                        "POST / HTTP/1.1|Trailer: A|Host: a|Expect: 100-continue|" + ADDED
                                + "Transfer-Encoding: chunked|"),
                row(
                        "OPTIONS * HTTP/1.1|Host: a|Max-Forwards: 10|Max-Forwards: 3|",
                        "OPTIONS * HTTP/1.1|Host: a|" + ADDED + "Max-Forwards: 9|"),
                row(
                        "OPTIONS * HTTP/1.1|Host: a|Max-Forwards: 0|",
                        "OPTIONS * HTTP/1.1|Host: a|" + ADDED + "Max-Forwards: 0|"),
                row(
                        "OPTIONS / HTTP/1.1|Host: a|Max-Forwards: x|",
                        "OPTIONS / HTTP/1.1|Host: a|Max-Forwards: x|" + ADDED),
                kept("GET", "Max-Forwards: 3|"),
                row(
                        "GET / HTTP/1.0|Expect: 100-continue|TE: trailers|A: b|",
                        "GET / HTTP/1.1|Host: replica:81|A: b|" + NEW_FOR + NEW_PROTO
                                + "Forwarded: for=192.0.2.1;proto=http|" + "Via: 1.0 ring|" + NEW_ID),
                row("GET http://a? HTTP/1.0|", "GET /? HTTP/1.1|Host: a|" + ADDED.replace("Via: 1.1", "Via: 1.0")));
    }

    static Stream<Arguments> fromTrusted() {
        String all =
                "X-Forwarded-Proto: https|X-Forwarded-Host: b|X-Forwarded-Port: 1|Forwarded: for=c|X-Request-Id: d|";
        return Stream.of(
                row(
                        "GET / HTTP/1.1|Host: a|",
                        "GET / HTTP/1.1|Host: a|" + NEW_FOR + NEW_PROTO + NEW_HOST + VIA + NEW_ID),
                row(
                        "GET / HTTP/1.1|Host: a|X-Forwarded-For: 1.1.1.1, 2.2.2.2 |x-forwarded-for:|X-FORWARDED-FOR: ::1|",
                        "GET / HTTP/1.1|Host: a|X-Forwarded-For: 1.1.1.1, 2.2.2.2, ::1, 192.0.2.1|" + NEW_PROTO
                                + NEW_HOST + VIA + NEW_ID),
                row(
                        "GET / HTTP/1.1|Host: a|" + all + "Via: 1.0 x|",
                        "GET / HTTP/1.1|Host: a|" + all + "Via: 1.0 x|" + NEW_FOR + VIA),
                row(
                        "GET / HTTP/1.1|Host: a|Connection: X-Forwarded-Proto, Forwarded|" + all,
                        "GET / HTTP/1.1|Host: a|" + all + NEW_FOR + VIA),
                row(
                        "GET / HTTP/1.1|Host: a|X_Forwarded_For: b|",
                        "GET / HTTP/1.1|Host: a|" + NEW_FOR + NEW_PROTO + NEW_HOST + VIA + NEW_ID));
    }

    private static Arguments row(String in, String out) {
        return Arguments.of(in, out);
    }

    private static Arguments kept(String method, String fields) {
        String head = method + " / HTTP/1.1|Host: a|" + fields;
        return row(head, head + ADDED);
    }

    private static Arguments dropped(String method, String fields) {
        String head = method + " / HTTP/1.1|Host: a|";
        return row(head + fields, head + ADDED);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource({"fromAnyone", "framed"})
    void head_fromAnyone_replacesWhatItSaysOfItsOrigin(String in, String out) {
        assertThat(forwarded(in, hop(PEER, false, "x-key"))).isEqualTo(out);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("fromTrusted")
    void head_fromATrustedPeer_keepsWhatItSaysOfItsOrigin(String in, String out) {
        assertThat(forwarded(in, hop(PEER, true, null))).isEqualTo(out);
    }

    @Test
    void head_peerOfIpv6_isQuotedWhereItHasToBe() {
        String head = "GET / HTTP/1.1|Host: [::1]:80|";

        assertThat(forwarded(head, hop("2001:db8::1", false, null)))
                .contains("|X-Forwarded-For: 2001:db8::1|")
                .contains("|X-Forwarded-Host: [::1]:80|")
                .contains("|Forwarded: for=\"[2001:db8::1]\";host=\"[::1]:80\";proto=http|");
        assertThat(forwarded(head, hop("fe80::1%1", false, null))).contains("|X-Forwarded-For: fe80::1|");
    }

    @Test
    void head_toAnotherHostFromTheSamePeer_namesThatOne() {
        RequestHop hop = hop(PEER, false, null);

        for (String host : List.of("a", "a", "b", "a:1")) {
            assertThat(forwarded("GET / HTTP/1.1|Host: " + host + "|", hop))
                    .contains("|X-Forwarded-Host: " + host + "|")
                    .contains(";host=\"" + host + "\";");
        }
        assertThat(forwarded("GET / HTTP/1.0|Host: a:1|", hop)).contains("|Via: 1.0 ring|");
    }

    @Test
    void head_fieldNamedByConnectionWithoutAKey_isRemoved() {
        assertThat(forwarded("GET / HTTP/1.1|Host: a|Connection: x-key|X-Key: b|", hop(PEER, false, null)))
                .doesNotContain("X-Key");
    }

    private static RequestHop hop(String peer, boolean trusted, String keyHeader) {
        return new RequestHop(
                new Peer(InetAddresses.forString(peer)), trusted, "http", "replica:81", "ring", "id-7", keyHeader);
    }

    /** The head that goes on for one that came; lines end with a bar. */
    private static String forwarded(String in, RequestHop hop) {
        ByteBuf out = Unpooled.buffer();
        RequestSink sink = new RequestSink() {
            @Override
            public void requestHead(RequestHead head) {
                RequestWriter.head(head, hop, out);
            }

            @Override
            public void requestBody(ByteBuf data) {
                throw new AssertionError("no body was sent");
            }

            @Override
            public void requestEnd(Fields trailers) {}
        };
        new RequestReader(0).read(Unpooled.wrappedBuffer(bytes(lines(in.split("\\|")) + "\r\n")), sink);
        String written = Messages.latin(out);
        assertThat(written).endsWith("\r\n\r\n");
        return written.substring(0, written.length() - 2).replace("\r\n", "|");
    }
}
