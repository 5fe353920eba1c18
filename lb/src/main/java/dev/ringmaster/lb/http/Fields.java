package dev.ringmaster.lb.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The field lines of one head or trailer section, in the order received.
 *
 * <pre>
 *   bytes   GET / HTTP/1.1␍␊Host: example.org␍␊Accept: *&#47;*␍␊␍␊
 *   places                  ↑   ↑ ↑          ↑                  four a field: name start, end, value start, end
 * </pre>
 *
 * One array of bytes and one of places, no object a field, used again for the next message: what is read here holds
 * only until the reader moves on. Not thread-safe; belongs to one connection's event loop.
 */
public final class Fields {
    /** A section without a field. */
    static final Fields NONE = new Fields(0);

    static final int MOST = 100;
    private static final int KEPT = 4096;

    private final int initial;
    private byte[] bytes;
    private int[] places = {};
    private FieldName[] names = {};
    private int count;
    private int end;
    private long present;

    Fields(int initial) {
        this.initial = initial;
        this.bytes = new byte[initial];
    }

    /** Number of field lines. */
    public int count() {
        return count;
    }

    /** Bytes of the whole section, the first line of a head included. */
    public int size() {
        return end;
    }

    /** The bytes that all places refer to. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public int nameStart(int field) {
        return places[4 * field];
    }

    public int nameEnd(int field) {
        return places[4 * field + 1];
    }

    /** Start of the value, without the white space around it. */
    public int valueStart(int field) {
        return places[4 * field + 2];
    }

    public int valueEnd(int field) {
        return places[4 * field + 3];
    }

    /** Index of the first field of that name (lower case) at or after {@code from}, or -1. */
    public int find(String lowerCaseName, int from) {
        for (int field = from; field < count; field++) {
            if (Bytes.equalIgnoringCase(bytes, nameStart(field), nameEnd(field), lowerCaseName)) {
                return field;
            }
        }
        return -1;
    }

    public boolean contains(String lowerCaseName) {
        return find(lowerCaseName, 0) >= 0;
    }

    /** Value of the first field of that name (lower case), as Latin-1; null if there is none. */
    public @Nullable String get(String lowerCaseName) {
        int field = find(lowerCaseName, 0);
        return field < 0 ? null : value(field);
    }

    /** Whether one of the comma-separated elements of the fields of that name is the token; both in lower case. */
    public boolean hasToken(String lowerCaseName, String lowerCaseToken) {
        Elements elements = new Elements(this, lowerCaseName);
        while (elements.next()) {
            if (elements.is(lowerCaseToken)) {
                return true;
            }
        }
        return false;
    }

    String value(int field) {
        return Bytes.string(bytes, valueStart(field), valueEnd(field));
    }

    FieldName name(int field) {
        return names[field];
    }

    /** Whether a field of that kind was read. */
    boolean has(FieldName name) {
        return (present & name.bit) != 0;
    }

    /** Where the field's line starts. */
    int lineStart(int field) {
        return nameStart(field);
    }

    /** Where the line after the field's starts: lines lie side by side, so that a run of them is copied at once. */
    int lineEnd(int field) {
        return field + 1 < count ? nameStart(field + 1) : end;
    }

    /** Marks what a Connection option names. */
    void named(int optionStart, int optionEnd) {
        for (int field = 0; field < count; field++) {
            if (names[field].removable()
                    && Bytes.sameIgnoringCase(bytes, nameStart(field), nameEnd(field), optionStart, optionEnd)) {
                names[field] = FieldName.NAMED;
            }
        }
    }

    /** Adds a line whose bytes are already there, the value with the white space around it. */
    void add(int nameStart, int nameEnd, int rawEnd) {
        if (count == MOST) {
            throw new MalformedMessage(431, "Too many header fields");
        }
        if (count == names.length) {
            places = Arrays.copyOf(places, Math.max(16, 2 * count) * 4);
            names = Arrays.copyOf(names, Math.max(16, 2 * count));
        }
        int valueStart = Bytes.skipSpace(bytes, nameEnd + 1, rawEnd);
        FieldName name = FieldName.of(bytes, nameStart, nameEnd);
        names[count] = name;
        present |= name.bit;
        places[4 * count] = nameStart;
        places[4 * count + 1] = nameEnd;
        places[4 * count + 2] = valueStart;
        places[4 * count + 3] = Bytes.trimSpace(bytes, valueStart, rawEnd);
        count++;
    }

    /** Says where the lines end and the empty line starts. */
    void end(int place) {
        end = place;
    }

    /** Room for at least one more byte behind {@code size}. */
    byte[] grown(int size) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        return bytes;
    }

    /** Ready for the next message; what an unusually big one took is given back. */
    void clear() {
        count = 0;
        end = 0;
        present = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[initial];
        }
    }
}
