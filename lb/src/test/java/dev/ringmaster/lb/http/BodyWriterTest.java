package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.bytes;
import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BodyWriterTest {
    private final List<ByteBuf> written = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(names = {"LENGTH", "CLOSE"})
    void data_ofAnUnframedBody_passesTheSameBuffer(BodyCoding coding) {
        ByteBuf data = buffer("hello");

        BodyWriter.data(coding, data, written::add);
        BodyWriter.end(coding, Fields.NONE, written::add);

        assertThat(written).hasSize(1).first().isSameAs(data);
        assertThat(text()).isEqualTo("hello");
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void data_ofAChunkedBody_isFramedAroundTheSameBuffer() {
        ByteBuf data = buffer("a".repeat(0x1af));

        BodyWriter.data(BodyCoding.CHUNKED, data, written::add);
        BodyWriter.data(BodyCoding.CHUNKED, buffer("b"), written::add);
        BodyWriter.end(BodyCoding.CHUNKED, Fields.NONE, written::add);

        assertThat(written.get(1)).isSameAs(data);
        assertThat(text()).isEqualTo("1af\r\n" + "a".repeat(0x1af) + "\r\n1\r\nb\r\n0\r\n\r\n");
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void data_withoutABodyOrABytes_isReleased() {
        ByteBuf unwanted = buffer("a");
        ByteBuf empty = PooledByteBufAllocator.DEFAULT.directBuffer(1);

        BodyWriter.data(BodyCoding.NONE, unwanted, written::add);
        BodyWriter.data(BodyCoding.CHUNKED, empty, written::add);
        BodyWriter.end(BodyCoding.NONE, Fields.NONE, written::add);

        assertThat(written).isEmpty();
        assertThat(unwanted.refCnt()).isZero();
        assertThat(empty.refCnt()).isZero();
    }

    @Test
    void end_withTrailers_dropsThoseOfRoutingFramingAndRights() {
        String dropped = lines(
                "Content-Length: 5",
                "Transfer-Encoding: chunked",
                "Host: a",
                "Authorization: b",
                "Set-Cookie: c",
                "X-Forwarded-For: d",
                "x_forwarded_for: e",
                "Content-Type: f",
                "Connection: close",
                "TE: g",
                "Trailer: h",
                "Expect: i",
                "X-Request-Id: j");
        Fields trailers = trailers("A: b\r\n" + dropped + "C: d\r\nE:\r\n");

        BodyWriter.end(BodyCoding.CHUNKED, trailers, written::add);
        assertThat(text()).isEqualTo("0\r\nA: b\r\nC: d\r\nE:\r\n\r\n");

        BodyWriter.end(BodyCoding.CLOSE, trailers, written::add);
        assertThat(written).isEmpty();
    }

    @Test
    void data_randomBodies_areReadBackTheSame() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 200; trial++) {
            StringBuilder body = new StringBuilder();
            for (int piece = random.nextInt(6); piece > 0; piece--) {
                String data = "\r\n0".repeat(random.nextInt(1 << random.nextInt(12)));
                body.append(data);
                BodyWriter.data(BodyCoding.CHUNKED, buffer(data), written::add);
            }
            BodyWriter.end(BodyCoding.CHUNKED, Fields.NONE, written::add);

            ReadResponses read = ReadResponses.of(lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "") + text());
            assertThat(read.body).as("seed %d trial %d", seed, trial).hasToString(body.toString());
            assertThat(read.ended()).isTrue();
        }
    }

    @Test
    void numbers_ofEverySize_areWrittenAsTheyAre() {
        IntStream.range(0, 31)
                .map(shift -> 1 << shift)
                .flatMap(n -> IntStream.of(n, n - 1, n + 1))
                .forEach(n -> {
                    ByteBuf out = Unpooled.buffer();
                    Wire.decimal(out, n);
                    out.writeByte(' ');
                    Wire.hex(out, Math.max(n, 1));
                    assertThat(Messages.latin(out)).isEqualTo(n + " " + Integer.toHexString(Math.max(n, 1)));
                });
    }

    private static Fields trailers(String section) {
        Fields fields = new Fields(16);
        assertThat(new HeadScanner(fields, null).read(Unpooled.wrappedBuffer(bytes(section + "\r\n"))))
                .isTrue();
        return fields;
    }

    private static ByteBuf buffer(String latin) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(16).writeBytes(bytes(latin));
    }

    /** All that was written since last asked; released. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf buffer : written) {
            text.append(Messages.latin(buffer));
            buffer.release();
        }
        written.clear();
        return text.toString();
    }
}
