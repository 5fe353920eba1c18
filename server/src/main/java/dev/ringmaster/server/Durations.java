package dev.ringmaster.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads durations written as a whole number and a unit: {@code 150ms}, {@code 2s}, {@code 1m}. */
final class Durations {
    /** More digits than any sensible value, few enough that nothing overflows. */
    private static final int MAX_DIGITS = 9;

    private Durations() {}

    /** The duration, or null if the text is not one. */
    static @Nullable Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && isDigit(text.charAt(digits))) {
            digits++;
        }
        long amount = wholeNumber(text, 0, digits);
        if (amount < 0) {
            return null;
        }
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> null;
        };
    }

    /** The number written in {@code text[start, end)} as one to nine ASCII digits, or -1 if it is anything else. */
    static long wholeNumber(String text, int start, int end) {
        if (end == start || end - start > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
