package dev.ringmaster.lb.http;

/**
 * Walks the comma-separated elements of all fields of one name, in order, without the white space around them and the
 * empty ones included (RFC 9110 5.6.1). Knows no quoting: the lists that matter to a proxy consist of tokens.
 */
final class Elements {
    private final Fields fields;
    private final String lowerCaseName;
    private int field = -1;
    private int at = 1;
    private int limit;
    private int start;
    private int end;

    Elements(Fields fields, String lowerCaseName) {
        this.fields = fields;
        this.lowerCaseName = lowerCaseName;
    }

    boolean next() {
        if (at > limit) {
            field = fields.find(lowerCaseName, field + 1);
            if (field < 0) {
                field = fields.count();
                return false;
            }
            at = fields.valueStart(field);
            limit = fields.valueEnd(field);
        }
        byte[] bytes = fields.bytes();
        int comma = Bytes.find(bytes, at, limit, ',');
        start = Bytes.skipSpace(bytes, at, comma);
        end = Bytes.trimSpace(bytes, start, comma);
        at = comma + 1;
        return true;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    boolean isEmpty() {
        return start == end;
    }

    boolean is(String lowerCase) {
        return Bytes.equalIgnoringCase(fields.bytes(), start, end, lowerCase);
    }
}
