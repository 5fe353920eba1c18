package dev.ringmaster.it.laboratory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The one right body for each seed, so that sender and receiver agree on every byte without telling each other. */
final class Bodies {
    /** Prime, so that bytes which were lost or repeated in buffer-sized pieces do not fit again. */
    private static final int PERIOD = 1_000_003;

    static final int PIECE = 32 << 10;
    private static final byte[] BYTES = bytes();

    private Bodies() {}

    private static byte[] bytes() {
        byte[] once = new byte[PERIOD];
        new SplittableRandom(PERIOD).nextBytes(once);
        byte[] more = Arrays.copyOf(once, PERIOD + PIECE);
        System.arraycopy(once, 0, more, PERIOD, PIECE);
        return more;
    }

    /** Of the request with that id. */
    static long up(long id) {
        return id << 1;
    }

    /** Of the answer to the request with that id. */
    static long down(long id) {
        return (id << 1) + 1;
    }

    /** Writes bytes {@code from} to {@code to} of the body, as chunks or as they are. */
    static void write(OutputStream out, long seed, long from, long to, boolean chunked) throws IOException {
        for (long at = from; at < to; at += PIECE) {
            int length = (int) Math.min(PIECE, to - at);
            if (chunked) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(BYTES, position(seed, at), length);
            if (chunked) {
                out.write('\r');
                out.write('\n');
            }
        }
    }

    /** Whether these are the body's bytes from {@code at} on; at most {@link #PIECE}. */
    static boolean same(long seed, long at, byte[] bytes, int from, int length) {
        int start = position(seed, at);
        return Arrays.equals(bytes, from, from + length, BYTES, start, start + length);
    }

    private static int position(long seed, long at) {
        return (int) ((Math.floorMod(seed * 0x9E3779B97F4A7C15L, PERIOD) + at) % PERIOD);
    }
}
