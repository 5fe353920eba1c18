package dev.ringmaster.it.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The opening handshake of RFC 6455, and masked frames of up to 125 bytes. */
final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final byte[] MASK = {0x37, 0x21, 0x0f, 0x5a};

    private Handshake() {}

    static String request(String key) {
        return "GET /chat HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n";
    }

    static String response(String key) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(key) + "\r\n\r\n";
    }

    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A client's text frame, as Latin-1. */
    static String masked(String text) {
        StringBuilder frame = new StringBuilder("\u0081").append((char) (0x80 | text.length()));
        for (byte b : MASK) {
            frame.append((char) b);
        }
        return frame.append(unmasked(text)).toString();
    }

    /** A server's text frame, as Latin-1. */
    static String plain(String text) {
        return "\u0081" + (char) text.length() + text;
    }

    /** Masks, or takes the mask off. */
    static String unmasked(String text) {
        StringBuilder other = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            other.append((char) (text.charAt(i) ^ MASK[i % MASK.length]));
        }
        return other.toString();
    }
}
