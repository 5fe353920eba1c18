package dev.ringmaster.lb.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the balancer knows of a field by its name. Found once a field, while the head is read; framing and writers
 * branch on it and never compare names again.
 */
enum FieldName {
    /** Nothing is known: end-to-end. */
    OTHER,
    /** Equal to a managed name but for underscores, which some servers read as hyphens. */
    LOOK_ALIKE,
    /** A field that a Connection option of the same message names: meant for this hop only (RFC 9110 7.6.1). */
    NAMED,
    /** Any other X-Forwarded-*. */
    X_FORWARDED,
    X_FORWARDED_FOR("x-forwarded-for"),
    X_FORWARDED_PROTO("x-forwarded-proto"),
    X_FORWARDED_HOST("x-forwarded-host"),
    X_REQUEST_ID("x-request-id"),
    FORWARDED("forwarded"),
    VIA("via"),
    HOST("host"),
    CONNECTION("connection"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    TE("te"),
    TRAILER("trailer"),
    UPGRADE("upgrade"),
    KEEP_ALIVE("keep-alive"),
    EXPECT("expect"),
    MAX_FORWARDS("max-forwards"),
    HOP_BY_HOP("proxy-connection", "proxy-authenticate", "proxy-authorization", "http2-settings"),
    CREDENTIAL("authorization", "cookie"),
    /** End-to-end, but not in trailers: control data and the content's form (RFC 9110 6.5.1). */
    END_TO_END(
            "age",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "date",
            "expires",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "location",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "vary",
            "www-authenticate");

    private static final String FAMILY = "x-forwarded-";
    private static final int MASK = 127;
    private static final @Nullable String[] NAMES = new String[MASK + 1];
    private static final FieldName[] KNOWN = new FieldName[MASK + 1];
    /** The names as most of them are usually written, each word with a capital: compared first, and at once. */
    private static final byte[][] USUAL = new byte[MASK + 1][0];

    static {
        for (FieldName known : values()) {
            for (String name : known.names) {
                int slot = slot(name.length(), (byte) name.charAt(0), (byte) name.charAt(name.length() - 1));
                while (NAMES[slot] != null) {
                    slot = slot + 1 & MASK;
                }
                NAMES[slot] = name;
                USUAL[slot] = usual(name);
                KNOWN[slot] = known;
            }
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // only the initializer reads it
    private final String[] names;

    /** Stands for the constant in a set that is one number. */
    final long bit;

    @SuppressWarnings("EnumOrdinal") // the bits live no longer than a message
    FieldName(String... names) {
        this.names = names;
        this.bit = 1L << ordinal();
    }

    /** What the name in a non-empty range of bytes is. */
    static FieldName of(byte[] bytes, int start, int end) {
        int slot = slot(end - start, fold(bytes[start]), fold(bytes[end - 1]));
        if (Arrays.equals(bytes, start, end, USUAL[slot], 0, USUAL[slot].length)) {
            return KNOWN[slot];
        }
        for (String name = NAMES[slot]; name != null; slot = slot + 1 & MASK, name = NAMES[slot]) {
            if (name.length() == end - start && folded(bytes, start, name)) {
                return exactOr(KNOWN[slot], bytes, start, end);
            }
        }
        boolean family = end - start > FAMILY.length() && folded(bytes, start, FAMILY);
        return family ? exactOr(X_FORWARDED, bytes, start, end) : OTHER;
    }

    private static byte[] usual(String name) {
        byte[] bytes = Wire.ascii(name);
        for (int at = 0; at < bytes.length; at++) {
            if (at == 0 || bytes[at - 1] == '-') {
                bytes[at] = (byte) Character.toUpperCase(bytes[at]);
            }
        }
        return bytes;
    }

    private static FieldName exactOr(FieldName known, byte[] bytes, int start, int end) {
        boolean underscore = Bytes.find(bytes, start, end, '_') < end;
        return !underscore ? known : known == END_TO_END ? OTHER : LOOK_ALIKE;
    }

    private static boolean folded(byte[] bytes, int start, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (fold(bytes[start + i]) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte fold(byte b) {
        return b == '_' ? (byte) '-' : Bytes.lower(b);
    }

    private static int slot(int length, byte first, byte last) {
        return length * 7 + first * 5 + last & MASK;
    }

    /** Whether a Connection option can take the field away: never what says who asked, or with which rights. */
    boolean removable() {
        return switch (this) {
            case OTHER, END_TO_END, EXPECT, MAX_FORWARDS, TRAILER -> true;
            default -> false;
        };
    }
}
