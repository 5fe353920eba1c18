package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ringmaster.lb.FuzzCorpus;
import dev.ringmaster.lb.http.Reply;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Any bytes as the body of a call: what is taken is what a tree of the same JSON holds, and each call has a reply. */
final class JsonFuzzTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final AdminCalls CALLS = new AdminCalls() {};

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            compare(input, tree(input));
        } catch (NumberFormatException e) {
            // an exponent that the tree cannot hold either: what is left is that there are replies
        }
        CALLS.control.calls.clear();
        CALLS.settings.clear();
        answers(CALLS.call("POST", "/add", input));
        answers(CALLS.call("DELETE", "/rm", input));
        answers(second("/api/v1/weights", input));
        answers(second("/api/v1/config", input));
    }

    /** The object that the bytes are; a missing node if they are none. */
    private static JsonNode tree(byte[] input) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(input))
                    .toString();
            JsonNode tree = JSON.readTree(text);
            return tree.isObject() ? tree : JSON.missingNode();
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static void compare(byte[] input, JsonNode tree) {
        scale(input, tree);
        try {
            JsonBody body = JsonBody.parse(input);
            assertThat(tree.isObject()).isTrue();
            fields(body, tree);
        } catch (InvalidRequestException e) {
            assertThat(tree.isObject()).as(e.text()).isFalse();
        }
    }

    private static void scale(byte[] input, JsonNode tree) {
        try {
            ScaleRequest request = ScaleRequest.parse(input, "present");
            BigInteger most = BigInteger.valueOf(ScaleRequest.MANY);
            assertThat(request.n())
                    .isPositive()
                    .isEqualTo(tree.get("n").bigIntegerValue().min(most).intValue());
            assertThat(request.hostnames())
                    .isEqualTo(texts(tree.path("hostnames")))
                    .doesNotHaveDuplicates();
            assertThat(request.hostnames().size()).isLessThanOrEqualTo(request.n());
        } catch (InvalidRequestException e) {
            assertThat(e.text().equals("Request body is not valid JSON")).isEqualTo(!tree.isObject());
        }
    }

    private static void fields(JsonBody body, JsonNode tree) {
        Map<String, String> expected = new LinkedHashMap<>();
        tree.properties().stream()
                .filter(field ->
                        field.getValue().isValueNode() && !field.getValue().isNull())
                .forEach(field -> expected.put(field.getKey(), text(field.getValue())));
        try {
            assertThat(body.texts()).isEqualTo(expected).hasSize(tree.size());
        } catch (InvalidRequestException e) {
            assertThat(expected.size()).isLessThan(tree.size());
        }
        for (String name : List.of("n", "add", "hostnames", "weights", "algorithm")) {
            JsonNode node = tree.path(name);
            try {
                assertThat(body.count(name, 64)).isEqualTo(node.asInt()).isBetween(0, 64);
            } catch (InvalidRequestException e) {
                assertThat(node.isMissingNode()).isFalse();
            }
            try {
                assertThat(body.text(name)).isEqualTo(node.asText());
            } catch (InvalidRequestException e) {
                assertThat(node.isMissingNode() || node.isTextual()).isFalse();
            }
            try {
                assertThat(body.strings(name)).isEqualTo(texts(node));
            } catch (InvalidRequestException e) {
                assertThat(node.isMissingNode()).isFalse();
            }
            try {
                assertThat(body.weights(name).values()).allMatch(weight -> weight >= 0.001 && weight <= 1000);
                assertThat(body.weights(name)).hasSize(node.size());
            } catch (InvalidRequestException e) {
                assertThat(node.isMissingNode()).isFalse();
            }
        }
    }

    private static String text(JsonNode value) {
        return value.isNumber() ? value.decimalValue().toString() : value.asText();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(element.isTextual() ? element.asText() : "no text"));
        return texts;
    }

    private static Reply second(String path, byte[] body) {
        return CALLS.api
                .handleSecond(CALLS.request("PATCH", path, body))
                .toCompletableFuture()
                .join();
    }

    private static void answers(Reply reply) {
        assertThat(reply.status()).isIn(200, 400);
        assertThat(tree(reply.body()).path("status").asText())
                .isEqualTo(reply.status() == 200 ? "successful" : "failure");
    }

    @TestFactory
    List<DynamicTest> corpus() throws IOException {
        return FuzzCorpus.of(JsonFuzzTest.class, JsonFuzzTest::fuzzerTestOneInput);
    }
}
