package dev.ringmaster.it.framing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes a payload here and there; the same seed makes the same changes. */
final class Mutator {
    private static final String SPECIAL = "\0\t\n\013\f\r ,;:=\"'\\+-_0159afxHG/*#?@\u007f\u0085\u00a0\u00ff";
    private static final List<String> ENDS =
            List.of("\n", "\r", "\r\r\n", "\n\r\n", "\r\n\r\n", "\r\n ", "\0\r\n", " \r\n", "");
    private static final List<String> VERSIONS = List.of("HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/1.1 ", "http/1.1");

    private final RandomGenerator random;

    Mutator(RandomGenerator random) {
        this.random = random;
    }

    /** One to three changes. */
    Payload mutate(Payload seed) {
        String text = seed.text();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            text = change(text);
        }
        return seed.with(text);
    }

    private String change(String text) {
        int at = random.nextInt(text.length());
        String before = text.substring(0, at);
        String after = text.substring(at);
        return switch (random.nextInt(11)) {
            case 0 -> before + special() + after;
            case 1 -> before + after.substring(1);
            case 2 -> before + special() + after.substring(1);
            case 3 -> before + special() + special() + after;
            case 4 -> lines(text);
            case 5, 6 -> lineEnd(text);
            case 7 -> number(text);
            case 8 -> field(text);
            case 9 -> text.replaceFirst("HTTP/1\\.1", pick(VERSIONS));
            default -> random.nextInt(4) == 0 ? before : swapCase(before, after);
        };
    }

    private String special() {
        return String.valueOf(SPECIAL.charAt(random.nextInt(SPECIAL.length())));
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String swapCase(String before, String after) {
        char c = after.charAt(0);
        return before + (char) (Character.isLetter(c) && c < 0x80 ? c ^ 0x20 : c) + after.substring(1);
    }

    /** Repeats a line, or lets two change places. */
    private String lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("(?<=\r\n)", -1)));
        int line = random.nextInt(lines.size());
        if (random.nextBoolean() || line == 0) {
            lines.add(line, lines.get(line));
        } else {
            lines.add(line - 1, lines.remove(line));
        }
        return String.join("", lines);
    }

    private String lineEnd(String text) {
        String[] lines = text.split("\r\n", -1);
        int line = random.nextInt(lines.length);
        StringBuilder changed = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            String end = i == lines.length - 1 ? "" : "\r\n";
            changed.append(lines[i]).append(i == line ? pick(ENDS) : end);
        }
        return changed.toString();
    }

    private String number(String text) {
        StringBuilder changed = new StringBuilder(text);
        int from = random.nextInt(text.length());
        for (int i = 0; i < text.length(); i++) {
            int at = (from + i) % text.length();
            if (Character.digit(text.charAt(at), 10) >= 0) {
                changed.setCharAt(at, (char) ('0' + random.nextInt(10)));
                return changed.toString();
            }
        }
        return text;
    }

    private String field(String text) {
        int lineEnd = text.indexOf("\r\n");
        if (lineEnd < 0) {
            return text;
        }
        String field = random.nextBoolean()
                ? pick(Obfuscations.transferEncoding())
                : pick(Obfuscations.contentLength(random.nextInt(200)));
        return text.substring(0, lineEnd + 2) + field + "\r\n" + text.substring(lineEnd + 2);
    }
}
