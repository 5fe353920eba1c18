package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes in as a head comes out as that head for the next hop, line by line. */
class WriterTest {
    private static final String OURS = "X-Forwarded-For: 192.0.2.7~X-Forwarded-Proto: http~X-Forwarded-Host: a~"
            + "Forwarded: for=192.0.2.7;host=\"a\";proto=http~X-Request-Id: id1~Via: 1.1 rm~";

    private static String request(String in, boolean trusted, String keyHeader) throws UnknownHostException {
        InetAddress peer = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7});
        RequestHop hop = new RequestHop(
                peer, trusted, "http", "127.0.0.1:81", "rm", "id1", keyHeader.isEmpty() ? null : keyHeader);
        List<String> out = new ArrayList<>();
        RequestReader reader = new RequestReader(
                new RequestSink() {
                    @Override
                    public void requestHead(RequestHead head) {
                        ByteBuf buffer = Unpooled.buffer();
                        RequestWriter.head(head, hop, buffer);
                        out.add(buffer.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "~"));
                        buffer.release();
                    }

                    @Override
                    public void requestBody(ByteBuf data) {
                        data.release();
                    }

                    @Override
                    public void requestEnd(Fields trailers) {
                        assertThat(trailers.count()).isZero();
                    }
                },
                0);
        reader.read(Unpooled.copiedBuffer(in.replace("~", "\r\n"), StandardCharsets.ISO_8859_1));
        return out.getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            Accept: b~ => Accept: b~OURS
            Connection: close~Keep-Alive: 5~Proxy-Connection: x~ => OURS
            Connection: X-A, X-B~X-A: 1~X-B: 2~X-C: 3~ => X-C: 3~OURS
            Connection: Cookie, Authorization, Via~Cookie: c~Authorization: d~Via: 1.0 e~ => Cookie: c~Authorization: d~Via: 1.0 e~OURS
            Connection: X-Forwarded-For, X-Request-Id~X-Forwarded-For: 1~X-Request-Id: 2~ => OURS
            X-Forwarded-For: 1~X-Forwarded-Proto: https~X-Forwarded-Host: h~Forwarded: for=1~X-Request-Id: 2~X-Forwarded-Port: 3~ => OURS
            X_Forwarded_For: 1~Content_Length: 7~Transfer_Encoding: x~x_request_id: 9~ => OURS
            My_Header: 1~ => My_Header: 1~OURS
            TE: trailers, gzip~ => OURSConnection: TE~TE: trailers~
            TE: gzip~ => OURS
            Upgrade: h2c~Connection: Upgrade, HTTP2-Settings~HTTP2-Settings: x~ => OURS
            Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Key: k~ => Sec-WebSocket-Key: k~OURSConnection: Upgrade~Upgrade: websocket~
            Expect: 100-continue~ => Expect: 100-continue~OURS
            Max-Forwards: 3~ => Max-Forwards: 3~OURS
            """)
    void requestHead_fromAnyone_isRewritten(String fields, String expected) throws UnknownHostException {
        assertThat(request("GET /p?q HTTP/1.1~Host: a~" + fields + "~", false, ""))
                .isEqualTo("GET /p?q HTTP/1.1~Host: a~" + expected.replace("OURS", OURS) + "~");
    }

    @Test
    void requestHead_fromTrusted_isKeptAndAppendedTo() throws UnknownHostException {
        String said = "X-Forwarded-For: 198.51.100.1~X-Forwarded-Proto: https~X-Forwarded-Host: h~Forwarded: for=1~"
                + "X-Request-Id: 2~";
        assertThat(request("GET / HTTP/1.1~Host: a~" + said + "~", true, ""))
                .isEqualTo("GET / HTTP/1.1~Host: a~X-Forwarded-Proto: https~X-Forwarded-Host: h~Forwarded: for=1~"
                        + "X-Request-Id: 2~X-Forwarded-For: 198.51.100.1, 192.0.2.7~Via: 1.1 rm~~");
    }

    @Test
    void requestHead_keyHeaderNamedInConnection_isKept() throws UnknownHostException {
        assertThat(request("GET / HTTP/1.1~Host: a~Connection: X-User~X-User: u~~", false, "x-user"))
                .contains("~X-User: u~");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
            GET / HTTP/1.0~~                                         => Host: 127.0.0.1:81~
            GET http://a/x HTTP/1.1~Host: a~~                        => GET /x HTTP/1.1~Host: a~
            POST / HTTP/1.1~Host: a~Content-Length: 0~~              => ~Content-Length: 0~
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~     => ~Transfer-Encoding: chunked~
            OPTIONS / HTTP/1.1~Host: a~Max-Forwards: 3~~             => ~Max-Forwards: 2~
            OPTIONS * HTTP/1.1~Host: a~~                             => OPTIONS * HTTP/1.1~
            """)
    void requestHead_framing_isOurs(String in, String part) throws UnknownHostException {
        assertThat(request(in, false, "")).contains(part);
    }

    private static String response(String in, boolean toHead, int clientMinor, boolean close) {
        List<String> out = new ArrayList<>();
        ResponseReader reader = new ResponseReader(new ResponseSink() {
            @Override
            public void responseHead(ResponseHead head) {
                BodyCoding coding = ResponseWriter.coding(head, toHead, clientMinor);
                ByteBuf buffer = Unpooled.buffer();
                ResponseWriter.head(head, new ResponseHop(clientMinor, close, coding), buffer);
                out.add(coding + " "
                        + buffer.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "~"));
                buffer.release();
            }

            @Override
            public void responseBody(ByteBuf data) {
                data.release();
            }

            @Override
            public void responseEnd(Fields trailers) {
                assertThat(trailers.count()).isZero();
            }
        });
        reader.expect(toHead);
        reader.read(Unpooled.copiedBuffer(in.replace("~", "\r\n"), StandardCharsets.ISO_8859_1));
        return out.getFirst();
    }

    @Test
    void responseHead_hopByHop_isRemoved() {
        assertThat(response(
                        "HTTP/1.1 200 Fine~Connection: X-A~X-A: 1~Keep-Alive: timeout=5~Server: s~Set-Cookie: a~"
                                + "Set-Cookie: b~Content-Length: 0~~",
                        false,
                        1,
                        false))
                .isEqualTo("NONE HTTP/1.1 200 Fine~Server: s~Set-Cookie: a~Set-Cookie: b~Content-Length: 0~~");
    }

    @Test
    void responseHead_framing_fitsTheClient() {
        String chunked = "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~";
        assertThat(response(chunked, false, 1, false))
                .isEqualTo("CHUNKED HTTP/1.1 200 OK~Transfer-Encoding: chunked~~");
        assertThat(response(chunked, false, 0, false)).isEqualTo("CLOSE HTTP/1.1 200 OK~Connection: close~~");
        assertThat(response("HTTP/1.0 200 OK~~", false, 1, false))
                .isEqualTo("CHUNKED HTTP/1.1 200 OK~Transfer-Encoding: chunked~~");
        assertThat(response("HTTP/1.1 200 OK~Content-Length: 2~~", false, 0, false))
                .isEqualTo("LENGTH HTTP/1.1 200 OK~Content-Length: 2~Connection: keep-alive~~");
        assertThat(response("HTTP/1.1 200 OK~Content-Length: 2~~", true, 1, true))
                .isEqualTo("NONE HTTP/1.1 200 OK~Content-Length: 2~Connection: close~~");
        assertThat(response("HTTP/1.1 204 No Content~Content-Length: 2~~", false, 1, false))
                .isEqualTo("NONE HTTP/1.1 204 No Content~~");
        assertThat(response("HTTP/1.1 200~Content-Length: 0~~", false, 1, false))
                .isEqualTo("NONE HTTP/1.1 200 ~Content-Length: 0~~");
    }

    @Test
    void reply_error_isTheClassicShape() {
        ByteBuf out = Unpooled.buffer();
        Reply.error(503, "No \"x\"\\ \u0001").with("Retry-After", "1").write(out, false, 1, true);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 58\r\n"
                                + "Retry-After: 1\r\nConnection: close\r\n\r\n"
                                + "{\"message\":\"<Error> No \\\"x\\\"\\\\ \\u0001\",\"status\":\"failure\"}");
        out.clear();
        Reply.json(200, "{}".getBytes(StandardCharsets.US_ASCII)).write(out, true, 0, false);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                        + "Connection: keep-alive\r\n\r\n");
        out.release();
    }
}
