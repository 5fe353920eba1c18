package dev.ringmaster.lb.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that adds or removes replicas: {@code {"n":4,"hostnames":["S5","S4"]}}.
 *
 * @param n how many, positive; what is beyond {@link #MANY} is told as {@link #MANY}
 * @param hostnames names of the first of them, valid and distinct, at most {@code n}
 */
record ScaleRequest(int n, List<String> hostnames) {
    /** More than any pool has, and so little that sums with it stay far from the end of the range. */
    static final int MANY = 1_000_000;

    private static final Pattern HOSTNAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(AdminApi.MAX_BODY)
                    .maxNameLength(AdminApi.MAX_BODY)
                    .build())
            .build();

    /** What the body says before it is checked; null where it says something of another type. */
    private record Raw(@Nullable String n, @Nullable List<String> hostnames) {}

    /** Reads and checks in the order of the interface; {@code target} is what too long a list is compared with. */
    static ScaleRequest parse(byte[] body, String target) throws InvalidRequestException {
        Raw raw = read(body);
        int n = count(raw.n);
        List<String> names = raw.hostnames;
        if (names == null) {
            throw new InvalidRequestException("'hostnames' must be a list of strings");
        }
        if (names.size() > n) {
            throw new InvalidRequestException("Length of hostname list is more than " + target + " instances");
        }
        for (String name : names) {
            if (!HOSTNAME.matcher(name).matches()) {
                throw new InvalidRequestException("Hostname '" + name + "' is not valid");
            }
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new InvalidRequestException("Duplicate hostnames in payload");
        }
        return new ScaleRequest(n, names);
    }

    private static int count(@Nullable String digits) throws InvalidRequestException {
        if (digits == null || digits.startsWith("-") || digits.equals("0")) {
            throw new InvalidRequestException("'n' must be a positive integer");
        }
        return digits.length() > 7 ? MANY : Math.min(MANY, Integer.parseInt(digits));
    }

    private static Raw read(byte[] body) throws InvalidRequestException {
        try (JsonParser json = parser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw notJson();
            }
            String n = null;
            List<String> hostnames = List.of();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("n")) {
                    n = value == JsonToken.VALUE_NUMBER_INT ? json.getText() : null;
                } else if (name.equals("hostnames")) {
                    hostnames = value == JsonToken.VALUE_NULL ? List.of() : strings(json);
                }
                // what is left open: an unknown field's value, or a list where none was expected
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw notJson();
            }
            return new Raw(n, hostnames);
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** The elements of the list that the parser stands at; null if it is none or holds anything but strings. */
    private static @Nullable List<String> strings(JsonParser json) throws IOException {
        if (!json.isExpectedStartArrayToken()) {
            return null;
        }
        List<String> strings = new ArrayList<>();
        boolean onlyStrings = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            onlyStrings &= json.currentToken() == JsonToken.VALUE_STRING;
            strings.add(json.getText());
            json.skipChildren();
        }
        return onlyStrings ? strings : null;
    }

    static JsonParser parser(byte[] body) throws IOException {
        return JSON.createParser(utf8(body));
    }

    /** JSON is UTF-8 (RFC 8259 section 8.1): the parser is not left to guess another encoding. */
    private static String utf8(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    static InvalidRequestException notJson() {
        return new InvalidRequestException("Request body is not valid JSON");
    }
}
