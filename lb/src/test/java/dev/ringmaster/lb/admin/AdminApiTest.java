package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.lifecycle.ControlException;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminApiTest extends AdminCalls {
    @Test
    void rep_ofAPool_isTheExactText() {
        assertReply(
                call("GET", "/rep", ""),
                200,
                "{\"message\":{\"N\":3,\"replicas\":[\"S1\",\"S2\",\"S3\"]},\"status\":\"successful\"}");
        assertThat(call("GET", "/rep", "").contentType()).isEqualTo("application/json");
        assertReply(call("HEAD", "/rep", ""), 200, text(call("GET", "/rep", "")));
    }

    @Test
    void rep_ofAnEmptyPool_isNotAFailure() {
        control.pool = ReplicaSet.EMPTY;

        assertReply(call("GET", "/rep", ""), 200, "{\"message\":{\"N\":0,\"replicas\":[]},\"status\":\"successful\"}");
    }

    @Test
    void rep_withAnOpenSlot_keepsTheDeadName() {
        control.pool = new ReplicaSet(List.of(FakeControl.slot(0, "S1", ReplicaState.DEAD)), List.of());

        assertThat(text(call("GET", "/rep", ""))).contains("{\"N\":1,\"replicas\":[\"S1\"]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST   | /add | {"n":4,"hostnames":["S5","S4"]}                     | add 4 [S5, S4]
            POST   | /add | {"n":1}                                             | add 1 []
            POST   | /add | {"hostnames":null,"n":1}                            | add 1 []
            POST   | /add | {"hostnames":[],"n":1}                              | add 1 []
            POST   | /add | ` \t\r\n{ "n" : 2 , "x":{"n":[0]},"hostnames":["a1"] }\n` | add 2 [a1]
            POST   | /add | {"\\u006e":2}                                       | add 2 []
            POST   | /add | {"n":1,"hostnames":["a_.-Z9"]}                      | add 1 [a_.-Z9]
            POST   | /add | {"n":1000000000}                                    | add 1000000 []
            POST   | /add | {"n":9999999}                                       | add 1000000 []
            POST   | /add | {"n":999999}                                        | add 999999 []
            POST   | /add | {"n":92233720368547758070000000000000000000000}     | add 1000000 []
            DELETE | /rm  | {"n":3,"hostnames":["S5"]}                          | remove 3 [S5]
            POST   | /rm  | {"n":3,"hostnames":["S5"]}                          | remove 3 [S5]
            """)
    void change_thatIsWellFormed_reachesTheControl(String method, String path, String body, String expected) {
        assertReply(call(method, path, body), 200, text(call("GET", "/rep", "")));
        assertThat(control.calls).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                             | Request body is not valid JSON
            {                                              | Request body is not valid JSON
            []                                             | Request body is not valid JSON
            null                                           | Request body is not valid JSON
            3                                              | Request body is not valid JSON
            {"n":1}x                                       | Request body is not valid JSON
            {"n":1}{}                                      | Request body is not valid JSON
            {"n":1,"n":1}                                  | Request body is not valid JSON
            {"n":1,"\\u006e":1}                            | Request body is not valid JSON
            {"n":1,"x":{"a":1,"a":2}}                      | Request body is not valid JSON
            {"n":1,"hostnames":[],"hostnames":[]}          | Request body is not valid JSON
            {"n":1,}                                       | Request body is not valid JSON
            {"n":01}                                       | Request body is not valid JSON
            {"n":+1}                                       | Request body is not valid JSON
            {"n":0x1}                                      | Request body is not valid JSON
            {"n":NaN}                                      | Request body is not valid JSON
            {'n':1}                                        | Request body is not valid JSON
            {n:1}                                          | Request body is not valid JSON
            {"n":1}//x                                     | Request body is not valid JSON
            {"n":1,"hostnames":["a                         | Request body is not valid JSON
            {}                                             | 'n' must be a positive integer
            {"n":0}                                        | 'n' must be a positive integer
            {"n":-0}                                       | 'n' must be a positive integer
            {"n":-3}                                       | 'n' must be a positive integer
            {"n":1.0}                                      | 'n' must be a positive integer
            {"n":1e0}                                      | 'n' must be a positive integer
            {"n":10E-1}                                    | 'n' must be a positive integer
            {"n":"1"}                                      | 'n' must be a positive integer
            {"n":true}                                     | 'n' must be a positive integer
            {"n":null}                                     | 'n' must be a positive integer
            {"n":[1]}                                      | 'n' must be a positive integer
            {"n":{"n":1}}                                  | 'n' must be a positive integer
            {"N":1}                                        | 'n' must be a positive integer
            {"hostnames":5}                                | 'n' must be a positive integer
            {"n":1,"hostnames":"S1"}                       | 'hostnames' must be a list of strings
            {"n":1,"hostnames":{"a":[]}}                   | 'hostnames' must be a list of strings
            {"n":1,"hostnames":false}                      | 'hostnames' must be a list of strings
            {"n":1,"hostnames":[1,2]}                      | 'hostnames' must be a list of strings
            {"n":1,"hostnames":["a",null]}                 | 'hostnames' must be a list of strings
            {"n":1,"hostnames":[["ab"]]}                   | 'hostnames' must be a list of strings
            {"n":1,"hostnames":["-x","-x"]}                | Length of hostname list is more than % instances
            {"n":2,"hostnames":["ab","a","a"]}             | Length of hostname list is more than % instances
            {"n":1,"hostnames":["a"]}                      | Hostname 'a' is not valid
            {"n":1,"hostnames":[""]}                       | Hostname '' is not valid
            {"n":2,"hostnames":["-x","-x"]}                | Hostname '-x' is not valid
            {"n":1,"hostnames":["a b"]}                    | Hostname 'a b' is not valid
            {"n":1,"hostnames":["ab\\n"]}                  | Hostname 'ab\\u000a' is not valid
            {"n":1,"hostnames":["é\\"x"]}                  | Hostname 'é\\"x' is not valid
            {"n":2,"hostnames":["ab","ab"]}                | Duplicate hostnames in payload
            """)
    void change_thatIsWrong_isRefusedWithTheFirstReason(String body, String reason) {
        assertReply(call("POST", "/add", body), 400, failure(reason.replace("%", "newly added")));
        assertReply(call("DELETE", "/rm", body), 400, failure(reason.replace("%", "removable")));
        assertReply(call("POST", "/rm", body), 400, failure(reason.replace("%", "removable")));
        assertThat(control.calls).isEmpty();
    }

    @Test
    void hostname_ofSixtyThreeCharacters_isTheLongest() {
        assertThat(call("POST", "/add", "{\"n\":1,\"hostnames\":[\"" + "a".repeat(63) + "\"]}")
                        .status())
                .isEqualTo(200);
        assertReply(
                call("POST", "/add", "{\"n\":1,\"hostnames\":[\"" + "a".repeat(64) + "\"]}"),
                400,
                failure("Hostname '" + "a".repeat(64) + "' is not valid"));
    }

    @Test
    void body_inAnotherEncoding_isNotJson() {
        String json = "{\"n\":1}";
        for (byte[] body : List.of(
                json.getBytes(StandardCharsets.UTF_16LE),
                ("\ufeff" + json).getBytes(StandardCharsets.UTF_8),
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})) {
            assertReply(call("POST", "/add", body), 400, failure("Request body is not valid JSON"));
        }
    }

    @Test
    void body_upToTheLimit_isReadWhateverItHolds() {
        String digits = "9".repeat(AdminApi.MAX_BODY - 6);
        assertThat(call("POST", "/add", "{\"n\":" + digits + "}").status()).isEqualTo(200);
        assertThat(control.calls).containsExactly("add 1000000 []");

        String name = "x".repeat(AdminApi.MAX_BODY - 12);
        assertThat(call("POST", "/add", "{\"n\":1,\"" + name + "\":2}").status())
                .isEqualTo(200);
        assertReply(
                call("POST", "/add", "{\"n\":1,\"x\":" + "[".repeat(30_000)),
                400,
                failure("Request body is not valid JSON"));
    }

    @Test
    void body_beyondTheLimit_isTooLargeUnlessTheCallerMayNotCall() {
        byte[] body = new byte[AdminApi.MAX_BODY + 1];
        assertReply(call("POST", "/add", body), 413, failure("Request body is too large"));
        assertReply(call("GET", "/add", body), 405, failure("Method not allowed"));
        fields.put("origin", "http://evil.example");
        assertReply(call("POST", "/add", body), 403, failure("Not allowed from this address"));
    }

    @Test
    void randomBodies_neverGetAnythingButAKnownAnswer() {
        long seed = 99;
        SplittableRandom random = new SplittableRandom(seed);
        String[] scraps = {
            "{",
            "}",
            "[",
            "]",
            "\"n\"",
            ":",
            ",",
            "1",
            "-",
            "e5",
            "\"hostnames\"",
            "\"ab\"",
            "\"\\ud800\"",
            "null",
            " ",
            "\\",
            "\u0000",
            "1e999999999",
            "true",
            "é"
        };
        for (int round = 0; round < 5_000; round++) {
            StringBuilder body = new StringBuilder(random.nextBoolean() ? "{\"n\":1" : "");
            for (int i = random.nextInt(12); i > 0; i--) {
                body.append(scraps[random.nextInt(scraps.length)]);
            }
            Reply reply = call("POST", "/add", body.toString());
            assertThat(reply.status()).as("seed %d: %s", seed, body).isIn(200, 400);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST    | /rep | GET, HEAD
            OPTIONS | /rep | GET, HEAD
            get     | /rep | GET, HEAD
            GET     | /add | POST
            PUT     | /add | POST
            GET     | /rm  | DELETE, POST
            HEAD    | /rm  | DELETE, POST
            """)
    void classicPath_withAnotherMethod_saysWhichAreAllowed(String method, String path, String allow) {
        fields.put("origin", "http://evil.example");
        Reply reply = call(method, path, "");

        assertReply(reply, 405, failure("Method not allowed"));
        assertThat(reply.fields()).containsExactly(entry("Allow", allow));
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, Cannot manage more than 64 replicas, 400",
        "REFUSED, Hostname 'x' already exists, 400",
        "SPAWN_FAILED, no such program, 500",
        "UNAVAILABLE, Too many changes wait, 503"
    })
    void change_thatTheControlRefuses_isAnsweredByKind(ControlException.Kind kind, String text, int status) {
        for (Throwable failure :
                List.of(new ControlException(kind, text), new CompletionException(new ControlException(kind, text)))) {
            control.failure = failure;
            Reply reply = call("POST", "/add", "{\"n\":1}");
            assertReply(reply, status, failure(text));
            assertThat(reply.fields()).isEqualTo(status == 503 ? List.of(entry("Retry-After", "1")) : List.of());
        }
    }

    @Test
    void change_thatBreaksTheControl_isAnInternalError() {
        control.failure = new IllegalStateException("bug");

        assertReply(call("POST", "/rm", "{\"n\":1}"), 500, failure("Internal error"));
    }

    @Test
    void change_withATokenSet_needsItAndNothingElse() {
        api = api(options("s3cret", false, true));
        fields.put("origin", "http://evil.example");
        peer = InetAddresses.forString("203.0.113.9");
        Reply reply = call("POST", "/add", "{}");
        assertReply(reply, 401, failure("Authorization required"));
        assertThat(reply.fields()).containsExactly(entry("WWW-Authenticate", "Bearer"));
        assertThat(call("GET", "/rep", "").status()).isEqualTo(200);

        fields.put("authorization", "Bearer s3cret");
        assertThat(call("POST", "/add", "{\"n\":1}").status()).isEqualTo(200);
    }

    @Test
    void change_fromAManagedReplica_isForbiddenWhileItIsManaged() {
        peer = InetAddresses.forString("172.18.0.2");
        api = api(new AdminOptions(
                "127.0.0.1", 0, "", List.of(Cidr.parse("172.18.0.0/16")), false, Set.of(), false, true));
        assertThat(call("POST", "/add", "{\"n\":1}").status()).isEqualTo(403);

        control.pool = new ReplicaSet(List.of(), List.of(FakeControl.replica(0, "leaving")));
        assertThat(call("POST", "/add", "{\"n\":1}").status()).isEqualTo(403);

        control.pool = ReplicaSet.EMPTY;
        assertThat(call("POST", "/add", "{\"n\":1}").status()).isEqualTo(200);
    }

    @Test
    void reconfigure_takesTokenAndClampOver() {
        api.reconfigure(options("s3cret", true, false));
        assertThat(call("POST", "/rm", "{\"n\":9}").status()).isEqualTo(401);
        fields.put("authorization", "bearer s3cret");
        assertThat(call("POST", "/rm", "{\"n\":9}").status()).isEqualTo(200);

        assertThat(control.calls).containsExactly("remove 9 [] clamp");
        assertThat(api.isClassicPath("/rep")).as("read at start only").isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/home",
                "/rep/",
                "//rep",
                "/Rep",
                "/%72ep",
                "/add?n=1",
                "/heartbeat",
                "/api/v1/replicas"
            })
    void path_thatIsNotExactlyClassic_belongsToTheReplicas(String path) {
        assertThat(api.isClassicPath(path)).isFalse();
        assertThat(call("GET", path, "").status()).isEqualTo(404);
    }

    @Test
    void classicPaths_areFreeIfSwitchedOff() {
        for (String path : List.of("/rep", "/add", "/rm")) {
            assertThat(api.isClassicPath(path)).isTrue();
            assertThat(api(options("", false, false)).isClassicPath(path)).isFalse();
        }
    }
}
