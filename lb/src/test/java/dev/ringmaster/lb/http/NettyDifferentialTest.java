package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Netty's decoder as an oracle: whatever ours accepts, Netty accepts, too, and both agree on every request's method,
 * target, fields, body and end. The reverse need not hold, ours is the stricter one by intent: it refuses, for example, a
 * bare LF (RFC 9112 2.2 "a recipient MAY recognize a single LF"), obsolete folding (RFC 9112 5.2 "MUST reject or replace"),
 * and Content-Length beside Transfer-Encoding (RFC 9112 6.3 "ought to be handled as an error").
 */
class NettyDifferentialTest {
    private static final int ROUNDS = 30_000;
    private static final String[] PIECES = {
        "GET",
        "POST",
        " ",
        "/",
        "/a?b=c",
        "*",
        "http://a/",
        " HTTP/1.1",
        " HTTP/1.0",
        "\r\n",
        "\r\n\r\n",
        "\n",
        "\r",
        "Host: a\r\n",
        "Host: b",
        "Content-Length: 3\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: 03\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
        "Transfer-Encoding: x, chunked\r\n",
        "Connection: close\r\n",
        "X: y\r\n",
        "x:\r\n",
        ": ",
        "abc",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        "0\r\nT: u\r\n\r\n",
        "3;q=1\r\nabc\r\n",
        "000\r\n\r\n",
        ";",
        "\0",
        "\t",
        "\u00e9",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    };

    @Test
    void read_acceptedByUs_isReadTheSameByNetty() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String wire = random.nextInt(3) == 0 ? mutated(random) : assembled(random);
            List<String> ours = Requests.read(wire, cut(wire, random));
            List<String> whole =
                    ours.stream().filter(line -> !line.matches("[45]\\d\\d .*")).toList();
            accepted += whole.size();
            List<String> netty = netty(wire);
            assertThat(netty)
                    .as(
                            "seed %d round %d wire %s",
                            seed, round, wire.replace("\r", "\\r").replace("\n", "\\n"))
                    .hasSizeGreaterThanOrEqualTo(whole.size());
            assertThat(netty.subList(0, whole.size()))
                    .as(
                            "seed %d round %d wire %s",
                            seed, round, wire.replace("\r", "\\r").replace("\n", "\\n"))
                    .isEqualTo(whole);
        }
        assertThat(accepted)
                .as("seed %d: the mutations leave enough that is valid", seed)
                .isGreaterThan(ROUNDS / 10);
    }

    private static int[] cut(String wire, Random random) {
        return wire.length() < 2 ? new int[0] : new int[] {1 + random.nextInt(wire.length() - 1)};
    }

    private static String assembled(Random random) {
        StringBuilder wire = new StringBuilder(random.nextBoolean() ? "POST / HTTP/1.1\r\nHost: a\r\n" : "");
        for (int i = random.nextInt(8); i >= 0; i--) {
            wire.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return wire.toString();
    }

    private static String mutated(Random random) {
        StringBuilder wire = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            wire.append(PIECES[PIECES.length - 1 - random.nextInt(3)]);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(wire.length());
            switch (random.nextInt(3)) {
                case 0 -> wire.setCharAt(at, (char) random.nextInt(256));
                case 1 -> wire.deleteCharAt(at);
                default -> wire.insert(at, PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return wire.toString();
    }

    private static List<String> netty(String wire) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        List<String> told = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        StringBuilder body = new StringBuilder();
        ByteBuf bytes = Unpooled.copiedBuffer(wire, StandardCharsets.ISO_8859_1);
        channel.writeInbound(bytes);
        for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
            boolean broken = object.decoderResult().isFailure();
            if (!broken && object instanceof HttpRequest request) {
                text.setLength(0);
                body.setLength(0);
                describe(request, text);
            }
            if (!broken && object instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (!broken && object instanceof LastHttpContent last) {
                StringBuilder line = new StringBuilder(text).append("|body=").append(body);
                last.trailingHeaders().forEach(field -> append(line, field.getKey(), field.getValue()));
                told.add(line.toString());
            }
            io.netty.util.ReferenceCountUtil.release(object);
        }
        channel.finishAndReleaseAll();
        return told;
    }

    private static void describe(HttpRequest request, StringBuilder text) {
        String target = request.uri().startsWith("http://a/") ? request.uri().substring(8) : request.uri();
        text.append(request.method()).append(' ').append(target);
        text.append(" 1.").append(request.protocolVersion().minorVersion());
        request.headers().forEach(field -> append(text, field.getKey(), field.getValue()));
        boolean chunked = HttpUtil.isTransferEncodingChunked(request);
        text.append(chunked ? "|chunked" : "|length=" + HttpUtil.getContentLength(request, 0L));
    }

    private static void append(StringBuilder text, String name, String value) {
        text.append('|').append(name.toLowerCase(Locale.ROOT)).append('=').append(value);
    }
}
