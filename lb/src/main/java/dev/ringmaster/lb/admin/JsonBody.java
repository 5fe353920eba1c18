package dev.ringmaster.lb.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of a call's body: texts, numbers as {@link BigDecimal}, booleans, lists and maps of these. */
final class JsonBody {
    /** What no call takes: null, and a number whose exponent alone is beyond all bounds. */
    private static final Object NO_VALUE = new Object();

    private final Map<String, Object> fields;

    private JsonBody(Map<String, Object> fields) {
        this.fields = fields;
    }

    static JsonBody parse(byte[] body) throws InvalidRequestException {
        try (JsonParser json = ScaleRequest.parser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw ScaleRequest.notJson();
            }
            Map<String, Object> fields = object(json);
            if (json.nextToken() != null) {
                throw ScaleRequest.notJson();
            }
            return new JsonBody(fields);
        } catch (IOException e) {
            throw ScaleRequest.notJson();
        }
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            fields.put(name, value(json));
        }
        return fields;
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NO_VALUE;
            default -> json.getText();
        };
    }

    private static Object number(JsonParser json) throws IOException {
        try {
            return json.getDecimalValue();
        } catch (NumberFormatException e) {
            return NO_VALUE;
        }
    }

    /** Refuses fields that the call does not know: a misspelt one would change something else than was meant. */
    void allowOnly(Set<String> known) throws InvalidRequestException {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidRequestException("'" + name + "' is no field of this call");
            }
        }
    }

    /** Every field as a text. */
    Map<String, String> texts() throws InvalidRequestException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            texts.put(
                    field.getKey(),
                    switch (field.getValue()) {
                        case String text -> text;
                        // Never the plain form: a few bytes of exponent would be a gigabyte of digits.
                        case BigDecimal number -> number.toString();
                        case Boolean flag -> flag.toString();
                        default ->
                            throw new InvalidRequestException(
                                    "'" + field.getKey() + "' must be a text, a number or a boolean");
                    });
        }
        return texts;
    }

    /** The number of that name, from 0 to {@code most}; 0 if it is not there. */
    int count(String name, int most) throws InvalidRequestException {
        Object value = fields.getOrDefault(name, BigDecimal.ZERO);
        if (value instanceof BigDecimal number
                && number.scale() <= 0
                && number.signum() >= 0
                && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
            return number.intValueExact();
        }
        throw new InvalidRequestException("'" + name + "' must be a whole number from 0 to " + most);
    }

    /** The text of that name; empty if it is not there. */
    String text(String name) throws InvalidRequestException {
        if (fields.getOrDefault(name, "") instanceof String text) {
            return text;
        }
        throw new InvalidRequestException("'" + name + "' must be a text");
    }

    /** The list of that name; empty if it is not there. */
    List<String> strings(String name) throws InvalidRequestException {
        List<String> strings = new ArrayList<>();
        if (fields.getOrDefault(name, List.of()) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof String text) {
                    strings.add(text);
                }
            }
            if (strings.size() == list.size()) {
                return strings;
            }
        }
        throw new InvalidRequestException("'" + name + "' must be a list of strings");
    }

    /** The weights by host name that the field of that name holds; none if it is not there. */
    Map<String, Double> weights(String name) throws InvalidRequestException {
        if (fields.getOrDefault(name, Map.of()) instanceof Map<?, ?> map) {
            Map<String, Double> weights = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                weights.put(String.valueOf(entry.getKey()), weight(entry.getValue()));
            }
            return weights;
        }
        throw new InvalidRequestException("'" + name + "' must be an object of host names and weights");
    }

    private static double weight(Object value) throws InvalidRequestException {
        double weight = value instanceof BigDecimal number ? number.doubleValue() : 0;
        if (weight >= 0.001 && weight <= 1000) {
            return weight;
        }
        throw new InvalidRequestException("A weight must be a number from 0.001 to 1000");
    }
}
