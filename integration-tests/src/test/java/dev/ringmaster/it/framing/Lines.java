package dev.ringmaster.it.framing;

import dev.ringmaster.it.framing.StrictRequest.Field;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines that end with CR LF and with nothing else, and what they may say. */
final class Lines {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]";
    private static final String QUOTED = "\"([\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\" + TEXT + ")*\"";
    private static final String SPACE = "[ \\t]*";
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):" + SPACE + "(" + TEXT + "*?)" + SPACE);
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,16})(" + SPACE + ";" + SPACE + TOKEN + "("
            + SPACE + "=" + SPACE + "(" + TOKEN + "|" + QUOTED + "))?)*");

    private final InputStream in;

    Lines(InputStream in) {
        this.in = in;
    }

    String line() throws IOException {
        return line(byteOf(in));
    }

    /** The line that begins with a byte read already. */
    String line(int first) throws IOException {
        StringBuilder line = new StringBuilder();
        int b = first;
        while (b != '\r') {
            Violation.unless(b == '\t' || (b >= ' ' && b != 0x7f), "byte " + b + " in a line");
            line.append((char) b);
            b = byteOf(in);
        }
        Violation.unless(byteOf(in) == '\n', "CR without LF");
        return line.toString();
    }

    void empty() throws IOException {
        Violation.unless(byteOf(in) == '\r' && byteOf(in) == '\n', "chunk does not end where its size says");
    }

    List<Field> section() throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = FIELD.matcher(line);
            Violation.unless(field.matches(), "no field line: " + line);
            fields.add(new Field(field.group(1), field.group(2)));
        }
        return fields;
    }

    long chunkSize() throws IOException {
        String line = line();
        Matcher chunk = CHUNK.matcher(line);
        Violation.unless(chunk.matches(), "no chunk size: " + line);
        long size = Long.parseUnsignedLong(chunk.group(1), 16);
        Violation.unless(size >= 0, "chunk size overflows: " + line);
        return size;
    }

    static boolean token(String text) {
        return text.matches(TOKEN);
    }

    private static int byteOf(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }
}
