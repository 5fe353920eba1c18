package dev.ringmaster.it.framing;

import java.util.List;
import java.util.Locale;

/**
 * One request as {@link StrictReader} reads it.
 *
 * @param target in origin-form, whatever form it came in
 * @param fields name and value of each field, in order
 * @param body decoded, a byte a char; what there is of it
 */
record StrictRequest(String method, String target, List<Field> fields, String body) {
    record Field(String name, String value) {
        boolean is(String lowerCaseName) {
            return name.toLowerCase(Locale.ROOT).equals(lowerCaseName);
        }
    }

    /** What must be the same at both ends: the rest is the balancer's to write anew. */
    record Identity(String method, String target, List<String> canaries, String body) {}

    Identity identity() {
        return new Identity(method, target, values("x-canary"), body);
    }

    List<String> values(String lowerCaseName) {
        return fields.stream()
                .filter(field -> field.is(lowerCaseName))
                .map(Field::value)
                .toList();
    }

    /** Whether this may be the beginning of {@code whole}. */
    boolean begins(Identity whole) {
        Identity mine = identity();
        return mine.method().equals(whole.method())
                && mine.target().equals(whole.target())
                && mine.canaries().equals(whole.canaries())
                && whole.body().startsWith(mine.body());
    }
}
