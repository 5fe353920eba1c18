package dev.ringmaster.lb.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Classes of bytes and the few comparisons that parsing needs, over ranges of an array and without Strings. */
final class Bytes {
    /** RFC 9110 5.6.2, tchar. */
    static final int TOKEN = 1;
    /** RFC 9110 5.5, field-vchar, space and tab: all that may stand between a colon and a line's end. */
    static final int TEXT = 2;
    /** Visible ASCII but the number sign: what a request target may hold. */
    static final int TARGET = 4;
    /** RFC 3986 3.2.2, unreserved and sub-delims. */
    static final int HOST = 8;

    static final int HEX = 16;
    /** RFC 9110 5.6.4, qdtext. */
    static final int QUOTED = 32;

    /** Eight bytes at once, the first of them lowest. */
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final byte[] CLASSES = new byte[256];

    static {
        for (int b = 0; b < 256; b++) {
            boolean visible = b > 0x20 && b < 0x7f;
            boolean text = visible || b == ' ' || b == '\t' || b >= 0x80;
            boolean alphanumeric = b < 0x80 && Character.isLetterOrDigit(b);
            CLASSES[b] = (byte) ((alphanumeric || (visible && "!#$%&'*+-.^_`|~".indexOf(b) >= 0) ? TOKEN : 0)
                    | (text ? TEXT : 0)
                    | (visible && b != '#' ? TARGET : 0)
                    | (alphanumeric || (visible && "-._~!$&'()*+,;=".indexOf(b) >= 0) ? HOST : 0)
                    | (b < 0x80 && Character.digit(b, 16) >= 0 ? HEX : 0)
                    | (text && b != '"' && b != '\\' ? QUOTED : 0));
        }
    }

    private Bytes() {}

    static boolean is(byte b, int classes) {
        return (CLASSES[b & 0xff] & classes) != 0;
    }

    /** Whether every byte is of one of the classes; true of nothing. */
    static boolean all(byte[] bytes, int start, int end, int classes) {
        for (int at = start; at < end; at++) {
            if (!is(bytes[at], classes)) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    static boolean equal(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range says {@code lower}, which is lower-case ASCII, in whatever case. */
    static boolean equalIgnoringCase(byte[] bytes, int start, int end, String lower) {
        return end - start == lower.length() && startsIgnoringCase(bytes, start, end, lower);
    }

    static boolean startsIgnoringCase(byte[] bytes, int start, int end, String lower) {
        if (end - start < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower(bytes[start + i]) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether two ranges of one array say the same in whatever case. */
    static boolean sameIgnoringCase(byte[] bytes, int start, int end, int otherStart, int otherEnd) {
        if (end - start != otherEnd - otherStart) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            if (lower(bytes[start + i]) != lower(bytes[otherStart + i])) {
                return false;
            }
        }
        return true;
    }

    /** First place of the byte, or {@code end}. */
    static int find(byte[] bytes, int start, int end, char wanted) {
        int at = start;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** First place that is no part of a token, or {@code end}. */
    static int skipToken(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && is(bytes[at], TOKEN)) {
            at++;
        }
        return at;
    }

    /** First place that is no text, or {@code end}. */
    static int skipText(byte[] bytes, int start, int end) {
        int at = start;
        // Also what lies behind the end, where the array goes on: it does no harm.
        while (at < end && bytes.length - at >= Long.BYTES) {
            long controls = controls((long) LONGS.get(bytes, at));
            at += Long.numberOfTrailingZeros(controls) >>> 3;
            if (controls != 0 && at < end) {
                if (bytes[at] != '\t') {
                    return at;
                }
                at++;
            }
        }
        while (at < end && is(bytes[at], TEXT)) {
            at++;
        }
        return Math.min(at, end);
    }

    /**
     * The control bytes among eight, tab and delete included, as a bit each, the highest of the byte. Beyond the lowest of
     * them there may be others that are none, as a difference borrows from the next byte.
     */
    private static long controls(long bytes) {
        long belowSpace = bytes - ONES * ' ' & ~bytes;
        long delete = bytes ^ ONES * 0x7f;
        return (belowSpace | (delete - ONES & ~delete)) & ONES << 7;
    }

    /** First place that is no optional white space (RFC 9110 5.6.3). */
    static int skipSpace(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** The end without the optional white space before it. */
    static int trimSpace(byte[] bytes, int start, int end) {
        int at = end;
        while (at > start && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t')) {
            at--;
        }
        return at;
    }

    /** The number that the digits say; -1 if there is none, something else than digits, or more than a long holds. */
    static long decimal(byte[] bytes, int start, int end) {
        if (start == end) {
            return -1;
        }
        long value = 0;
        for (int at = start; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static String string(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
