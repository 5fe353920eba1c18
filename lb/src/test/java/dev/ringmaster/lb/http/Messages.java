package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes messages, and gives them to a reader in pieces as a socket would. */
final class Messages {
    /** Where the cuts of one message lie: places in rising order. */
    private static final int[] WHOLE = {};

    private Messages() {}

    /** Lines that each end with CR LF. */
    static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String latin(ByteBuf buffer) {
        return buffer.toString(StandardCharsets.ISO_8859_1);
    }

    static int[] whole() {
        return WHOLE.clone();
    }

    /** Up to eight random cuts. */
    static int[] cuts(int length, RandomGenerator random) {
        int[] cuts = new int[random.nextInt(9)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = random.nextInt(length + 1);
        }
        Arrays.sort(cuts);
        return cuts;
    }

    /**
     * Gives each piece, in turn from the heap and pooled memory, up to a fault, which is returned, and checks that
     * nobody keeps a piece.
     */
    static MalformedMessage feed(byte[] message, int[] cuts, Consumer<ByteBuf> reader) {
        MalformedMessage fault = null;
        int start = 0;
        for (int i = 0; i <= cuts.length && fault == null; i++) {
            int end = i < cuts.length ? cuts[i] : message.length;
            byte[] bytes = Arrays.copyOfRange(message, start, end);
            ByteBuf piece = i % 2 == 0
                    ? Unpooled.wrappedBuffer(bytes)
                    : PooledByteBufAllocator.DEFAULT.directBuffer(16).writeBytes(bytes);
            try {
                reader.accept(piece);
            } catch (MalformedMessage malformed) {
                fault = malformed;
            }
            piece.release();
            assertThat(bytes.length == 0 ? 0 : piece.refCnt()).isZero();
            start = end;
        }
        return fault;
    }
}
