package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.balance.KeySource;
import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.http.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls about distribution, on the second listener. */
final class BalanceApiTest extends AdminCalls {
    @BeforeEach
    void publish() {
        tables.publish(control.pool);
    }

    @Test
    void config_isToldAndChanged() {
        assertReply(
                second("GET", "/api/v1/config", ""),
                200,
                "{\"message\":{\"policy\":\"consistent-hash\"},\"status\":\"successful\"}");
        Reply changed =
                second("PATCH", "/api/v1/config", "{\"policy\":\"random\",\"power-of-d.choices\":3,\"a\":true}");
        assertReply(
                changed,
                200,
                "{\"message\":{\"a\":\"true\",\"policy\":\"random\",\"power-of-d.choices\":\"3\"},"
                        + "\"status\":\"successful\"}");
        assertReply(second("PATCH", "/api/v1/config", "{\"port\":1}"), 400, failure("Only a restart changes port"));
    }

    @Test
    void change_toANumberOfAGreatExponent_staysAsShortAsItCame() {
        assertThat(text(second("PATCH", "/api/v1/config", "{\"a\":1e999999999}")))
                .contains("\"a\":\"1E+999999999\"");
    }

    @Test
    void change_ofAStranger_isRefused() {
        api = api(options("secret", false, true));
        assertThat(second("PATCH", "/api/v1/config", "{}").status()).isEqualTo(401);
        assertThat(second("GET", "/api/v1/config", "").status())
                .as("it says how replicas are started")
                .isEqualTo(401);
        assertThat(second("GET", "/api/v1/explain?key=a", "").status()).isEqualTo(401);
        assertThat(second("GET", "/api/v1/keys", "").status()).isEqualTo(401);
        assertThat(second("PATCH", "/api/v1/weights", "{}").status()).isEqualTo(401);
        assertThat(second("POST", "/api/v1/plan", "{}").status()).isEqualTo(401);
    }

    @Test
    void weights_areToldAndChanged() {
        assertReply(
                second("GET", "/api/v1/weights", ""),
                200,
                "{\"message\":{\"S1\":1.0,\"S2\":1.0,\"S3\":1.0},\"status\":\"successful\"}");
        assertThat(second("PATCH", "/api/v1/weights", "{\"weights\":{\"S2\":2.5}}")
                        .status())
                .isEqualTo(200);
        assertThat(control.calls).containsExactly("weigh {S2=2.5}");
    }

    @Test
    void explanation_namesEverySlotAndWhy() {
        String text = text(second("GET", "/api/v1/explain?key=a%20b", ""));
        assertThat(text)
                .startsWith("{\"message\":{\"key\":\"a b\",\"hash\":\"")
                .contains("\"policy\":\"consistent-hash\",\"randomKeys\":false,\"loopsDiffer\":false")
                .containsOnlyOnce("\"verdict\":\"chosen\"")
                .contains(
                        "\"replica\":\"S1\"", "\"replica\":\"S2\"", "\"replica\":\"S3\"", "\"inFlight\":0,\"bound\":9");
    }

    /** A request with nothing but a target. */
    private record Target(String text) implements KeySource {
        @Override
        public byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long header(String lowerCaseName) {
            return -1;
        }

        @Override
        public long uri() {
            return path();
        }

        @Override
        public long path() {
            return KeySource.place(0, bytes().length);
        }

        @Override
        public byte[] clientAddress() {
            return new byte[4];
        }
    }

    /** Requests for one key, as an event loop counts them, and half a second later. */
    private void hot(String key) {
        LoopBalancer loop = new LoopBalancer(tables, Runnable::run, 1);
        for (int i = 0; i < 1000; i++) {
            loop.key(new Target(key));
        }
        tables.tick(0, Runnable::run);
    }

    @Test
    void keys_areToldByTheirHashes() {
        assertReply(
                second("GET", "/api/v1/keys", ""),
                200,
                "{\"message\":{\"watched\":false,\"requests\":0,\"keys\":[]},\"status\":\"successful\"}");
        hot("/a");
        String explained = text(second("GET", "/api/v1/explain?key=/a", ""));
        assertThat(explained).contains("\"hot\":true,\"slots\":3");
        String hash = explained.replaceFirst(".*\"hash\":\"([0-9a-f]{16})\".*", "$1");
        assertThat(text(second("GET", "/api/v1/keys", "")))
                .contains(
                        "\"watched\":true,\"requests\":1000",
                        "{\"hash\":\"" + hash + "\",\"share\":1.0,\"error\":0.0,\"home\":",
                        "\"slots\":3,\"hot\":true}");
    }

    @Test
    void explanation_withoutAKey_isRefused() {
        for (String query : new String[] {"", "?", "?key=", "?key", "?key=%zz", "?other=1"}) {
            assertReply(second("GET", "/api/v1/explain" + query, ""), 400, failure("'key' must be given in the query"));
        }
    }

    @Test
    void plan_saysWhatWouldMove() {
        assertThat(text(second("POST", "/api/v1/plan", "{\"remove\":[\"S2\"]}")))
                .contains("\"moved\":0.33", "\"moves\":[{\"from\":1,\"to\":", "\"peakToMean\":1.0", "\"headroom\":0.2");
        assertThat(text(second("POST", "/api/v1/plan", "{}"))).contains("\"moved\":0.0", "\"moves\":[]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /api/v1/plan    | []                         | Request body is not valid JSON
            /api/v1/plan    | {} {}                      | Request body is not valid JSON
            /api/v1/plan    | {"ad":1}                   | 'ad' is no field of this call
            /api/v1/plan    | {"add":-1}                 | 'add' must be a whole number from 0 to 1024
            /api/v1/plan    | {"add":1.5}                | 'add' must be a whole number from 0 to 1024
            /api/v1/plan    | {"add":1e99}               | 'add' must be a whole number from 0 to 1024
            /api/v1/plan    | {"add":"1"}                | 'add' must be a whole number from 0 to 1024
            /api/v1/plan    | {"remove":"S1"}            | 'remove' must be a list of strings
            /api/v1/plan    | {"remove":[1]}             | 'remove' must be a list of strings
            /api/v1/plan    | {"remove":["S9"]}          | Hostname 'S9' is not a managed replica
            /api/v1/plan    | {"algorithm":1}            | 'algorithm' must be a text
            /api/v1/plan    | {"weights":[]}             | 'weights' must be an object of host names and weights
            /api/v1/plan    | {"weights":{"S1":0}}       | A weight must be a number from 0.001 to 1000
            /api/v1/weights | {"weights":{"S1":"heavy"}} | A weight must be a number from 0.001 to 1000
            /api/v1/config  | {"policy":["random"]}      | 'policy' must be a text, a number or a boolean
            """)
    void body_thatIsWrong_isRefused(String path, String body, String problem) {
        String method = path.endsWith("plan") ? "POST" : "PATCH";
        assertReply(second(method, path, body), 400, failure(problem));
        assertThat(control.calls).isEmpty();
    }
}
