package dev.ringmaster.lb.balance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie that names the slot which a client stays with, signed so that nobody can choose one: {@code 3.} and 128 bits
 * of HMAC-SHA256. It names the slot and not the replica, so that it outlives whoever occupies the slot. All values there
 * can be are made at once; checking one is comparing bytes. Immutable; any thread.
 */
final class StickyCookie {
    /** The same as the most replicas that may be managed: a new slot takes the lowest free number. */
    static final int SLOTS = 1024;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;

    private final RequestKey.Source source;
    private final byte[][] values = new byte[SLOTS][];
    private final String[] lines = new String[SLOTS];

    StickyCookie(String name, byte[] secret) {
        this.source = RequestKey.source("cookie:" + name);
        for (int slot = 0; slot < SLOTS; slot++) {
            String value = slot + "." + sign(name + "=" + slot, secret);
            values[slot] = value.getBytes(StandardCharsets.US_ASCII);
            lines[slot] = "Set-Cookie: " + name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax\r\n";
        }
    }

    private static String sign(String text, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(signature, SIGNATURE_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(ALGORITHM + " is part of every Java", impossible);
        }
    }

    /** The slot that a request's cookie names; -1 if it has none, or one that we did not make. */
    int slot(KeySource request) {
        long place = source.place(request);
        int length = (int) place;
        int start = (int) (place >>> 32);
        byte[] bytes = request.bytes();
        int slot = 0;
        int digits = 0;
        while (place >= 0 && digits < length && digits < 4 && bytes[start + digits] != '.') {
            slot = slot * 10 + (bytes[start + digits++] - '0');
        }
        boolean named = digits > 0 && slot >= 0 && slot < SLOTS;
        return named && same(values[slot], bytes, start, length) ? slot : -1;
    }

    /** How long it takes does not tell how much of a forged signature is right. */
    private static boolean same(byte[] expected, byte[] bytes, int start, int length) {
        int differs = expected.length ^ length;
        for (int i = 0; i < Math.min(length, expected.length); i++) {
            differs |= expected[i] ^ bytes[start + i];
        }
        return differs == 0;
    }

    /** The header line, its end included, that tells a client to stay with that slot. */
    String line(int slot) {
        return lines[slot];
    }
}
