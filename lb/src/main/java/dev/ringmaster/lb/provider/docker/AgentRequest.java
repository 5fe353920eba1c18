package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What can be asked of the agent: seven verbs, each with its own few fields, one JSON object a line. Anything else is an
 * {@link IllegalArgumentException} that says what is wrong.
 *
 * <pre>
 *   {"verb":"list"}                                     {"verb":"start","id":"64 hexadecimal digits"}
 *   {"verb":"inspect","container":"id or name","tail":true}   {"verb":"stop","id":"…","grace":8000}
 *   {"verb":"events"}                                   {"verb":"remove","id":"…"}
 *   {"verb":"create","name":"S1","slot":0,"operation":"16 hexadecimal digits"}
 *   {"verb":"create","owner":"container:… or process:…"}
 * </pre>
 */
sealed interface AgentRequest {
    /** Longest request in bytes. */
    int LONGEST = 4 << 10;

    /** Every container of the pool. */
    record All() implements AgentRequest {}

    /** One container by its id or name; with the end of its output if {@code tail}. */
    record Inspect(String container, boolean tail) implements AgentRequest {}

    /** What happens to the pool's containers, for as long as the connection stands. */
    record Events() implements AgentRequest {}

    /** A replica's container. */
    record Create(ReplicaSpec spec) implements AgentRequest {}

    /** The container that stands for the pool's owner: a {@code create}, too. */
    record Claim(String owner) implements AgentRequest {}

    record Start(String id) implements AgentRequest {}

    record Stop(String id, Duration grace) implements AgentRequest {}

    record Remove(String id) implements AgentRequest {}

    /** The request that a line holds. */
    static AgentRequest parse(byte[] line) {
        Reader fields = new Reader(line);
        AgentRequest request = switch (fields.text("verb", Reader.VERB)) {
            case "list" -> new All();
            case "inspect" -> new Inspect(fields.text("container", Reader.NAME), fields.flag("tail"));
            case "events" -> new Events();
            case "create" -> fields.has("owner") ? new Claim(fields.text("owner", Reader.OWNER)) : fields.create();
            case "start" -> new Start(fields.text("id", Reader.ID));
            case "stop" ->
                new Stop(fields.text("id", Reader.ID), Duration.ofMillis(fields.number("grace", 0, 600_000)));
            case "remove" -> new Remove(fields.text("id", Reader.ID));
            default -> throw new IllegalArgumentException("there is no such verb");
        };
        fields.end();
        return request;
    }

    /** Takes fields out of a line one by one. */
    final class Reader {
        private static final JsonMapper STRICT = JsonMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        private static final Pattern VERB = Pattern.compile("[a-z]{1,10}");
        private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
        private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}");
        private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
        private static final Pattern OPERATION = Pattern.compile("[0-9a-f]{16}");
        private static final Pattern OWNER =
                Pattern.compile("container:[0-9a-f]{64}|process:[0-9a-f-]{1,40}/\\d{1,10}/\\d{1,15}");
        private static final int MOST_SLOTS = 4096;

        private final ObjectNode fields;
        private final Set<String> left = new TreeSet<>();

        private Reader(byte[] line) {
            try {
                if (!(STRICT.readTree(line) instanceof ObjectNode object)) {
                    throw new IllegalArgumentException("a request is a JSON object");
                }
                fields = object;
            } catch (IOException malformed) {
                throw new IllegalArgumentException("a request is one line of JSON", malformed);
            }
            fields.fieldNames().forEachRemaining(left::add);
        }

        private AgentRequest create() {
            return new Create(new ReplicaSpec(new ReplicaId(text("operation", OPERATION)), text("name", HOST), (int)
                    number("slot", ReplicaSpec.SPARE, MOST_SLOTS)));
        }

        private boolean has(String name) {
            return fields.has(name);
        }

        private String text(String name, Pattern pattern) {
            JsonNode value = take(name);
            if (!value.isTextual() || !pattern.matcher(value.textValue()).matches()) {
                throw new IllegalArgumentException("'" + name + "' must match " + pattern);
            }
            return value.textValue();
        }

        private boolean flag(String name) {
            JsonNode value = take(name);
            if (!value.isBoolean()) {
                throw new IllegalArgumentException("'" + name + "' must be true or false");
            }
            return value.booleanValue();
        }

        private long number(String name, long least, long most) {
            JsonNode value = take(name);
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < least
                    || value.longValue() > most) {
                throw new IllegalArgumentException(
                        "'" + name + "' must be a whole number from " + least + " to " + most);
            }
            return value.longValue();
        }

        private JsonNode take(String name) {
            left.remove(name);
            return fields.path(name);
        }

        private void end() {
            if (!left.isEmpty()) {
                throw new IllegalArgumentException("a field that the verb does not have");
            }
        }
    }
}
