package dev.ringmaster.it.bulk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** Makes, frames and sums up bodies too large to be held. */
final class Bulk {
    static final int PIECE = 64 << 10;

    /** What passed: how much, and a checksum that tells of any byte changed, lost or moved. */
    record Sum(long bytes, long checksum) {}

    private final byte[] piece = new byte[PIECE];
    private final CRC32C checksum = new CRC32C();
    private long bytes;

    /** Writes so many bytes, a multiple of {@link #PIECE}, no two pieces alike. */
    static Sum send(OutputStream out, long total, boolean chunked) throws IOException {
        Bulk bulk = new Bulk();
        new SplittableRandom(total).nextBytes(bulk.piece);
        byte[] start = (Integer.toHexString(PIECE) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] end = "\r\n".getBytes(StandardCharsets.US_ASCII);
        while (bulk.bytes < total) {
            ByteBuffer.wrap(bulk.piece).putLong(bulk.bytes);
            out.write(start, 0, chunked ? start.length : 0);
            out.write(bulk.piece);
            out.write(end, 0, chunked ? end.length : 0);
            bulk.add(PIECE);
        }
        out.write((chunked ? "0\r\n\r\n" : "").getBytes(StandardCharsets.US_ASCII));
        return bulk.sum();
    }

    /** Reads so many bytes. */
    static Sum receive(InputStream in, long total) throws IOException {
        Bulk bulk = new Bulk();
        bulk.read(in, total);
        return bulk.sum();
    }

    /** Reads a chunked body without trailers. */
    static Sum receiveChunked(InputStream in) throws IOException {
        Bulk bulk = new Bulk();
        for (long size = size(in); size > 0; size = size(in)) {
            bulk.read(in, size);
            in.skipNBytes(2);
        }
        in.skipNBytes(2);
        return bulk.sum();
    }

    private static long size(InputStream in) throws IOException {
        long size = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            int digit = Character.digit(b, 16);
            if (digit < 0 && b != '\r') {
                throw new IOException("no chunk size: " + b);
            }
            size = digit < 0 ? size : size << 4 | digit;
        }
        return size;
    }

    private void read(InputStream in, long total) throws IOException {
        long left = total;
        while (left > 0) {
            int n = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (n < 0) {
                throw new EOFException("ended after " + bytes + " bytes");
            }
            add(n);
            left -= n;
        }
    }

    private void add(int count) {
        checksum.update(piece, 0, count);
        bytes += count;
    }

    private Sum sum() {
        return new Sum(bytes, checksum.getValue());
    }
}
