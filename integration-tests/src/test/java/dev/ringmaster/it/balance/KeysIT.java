package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests with the same key go to the same replica, and keys spread over all of them. */
class KeysIT {
    private static final int KEYS = 60;
    private static final int TIMES = 5;

    private static Three chain;

    /** A request, apart from its method and Host. */
    private record Ask(String path, String fields) {}

    @BeforeAll
    static void start() throws Exception {
        chain = new Three("hash.key=header:X-User,cookie:session,query:user,path");
    }

    @AfterAll
    static void stop() throws Exception {
        chain.close();
    }

    /** Every key stays, whatever else changes, and each replica has a fair part of them. */
    private static void assertSticky(Three three, KeyAndRound request) throws IOException {
        Map<String, Integer> shares = new TreeMap<>();
        for (int key = 0; key < KEYS; key++) {
            String home = "";
            for (int round = 0; round < TIMES; round++) {
                Ask ask = request.ask(key, round);
                String answered = three.ask(ask.path(), ask.fields());
                assertThat(home.isEmpty() || home.equals(answered))
                        .as("key " + key + " home " + home + " answered by " + answered)
                        .isTrue();
                home = answered;
            }
            shares.merge(home, 1, Integer::sum);
        }
        assertThat(shares).hasSize(3);
        assertThat(shares.values()).allSatisfy(share -> assertThat(share).isGreaterThan(KEYS / 10));
    }

    private interface KeyAndRound {
        Ask ask(int key, int round);
    }

    @Test
    void header_isKey_beforeAllOthers() throws Exception {
        assertSticky(
                chain,
                (key, round) -> new Ask(
                        "/p" + round + "?user=u" + round,
                        "Cookie: session=s" + round + "\r\nx-USER:  user-" + key + " \r\nX-User: other\r\n"));
    }

    @Test
    void cookie_isKey_whereNoHeaderIs() throws Exception {
        assertSticky(
                chain,
                (key, round) -> new Ask(
                        "/p" + round + "?user=u" + round,
                        "Cookie: a=" + round + "; session=s" + key + "; b=" + round + "\r\n"));
    }

    @Test
    void query_isKey_whereNoCookieIs() throws Exception {
        assertSticky(
                chain,
                (key, round) -> new Ask(
                        "/p" + round + "?a=" + round + "&user=u" + key + "&b", "Cookie: other=" + round + "\r\n"));
    }

    @Test
    void path_isKey_whereNothingElseIs() throws Exception {
        assertSticky(chain, (key, round) -> new Ask("/p/" + key + "?other=" + round, ""));
    }

    @Test
    void uri_isKey_withItsQuery() throws Exception {
        try (Three three = new Three("hash.key=uri")) {
            assertSticky(three, (key, round) -> new Ask("/same?q=" + key, "X-User: " + round + "\r\n"));
        }
    }

    @Test
    void clientIp_ofUntrustedPeer_isThePeers() throws Exception {
        try (Three three = new Three("hash.key=client-ip")) {
            IntFunction<String> forged = i -> "X-Forwarded-For: 10.0.0." + i + "\r\n";
            String home = three.ask("/", forged.apply(0));
            for (int i = 1; i < KEYS; i++) {
                assertThat(three.ask("/" + i, forged.apply(i))).isEqualTo(home);
            }
        }
    }

    @Test
    void clientIp_ofTrustedPeer_isTheNearestUntrustedOne() throws Exception {
        try (Three three = new Three("hash.key=client-ip", "proxy.trusted=127.0.0.1,10.1.0.0/16")) {
            assertSticky(
                    three,
                    (key, round) -> new Ask(
                            "/" + round,
                            "X-Forwarded-For: 10.9.9." + round + ", 192.168.0." + key + "\r\nX-Forwarded-For: 10.1.0."
                                    + round + "\r\n"));
        }
    }
}
