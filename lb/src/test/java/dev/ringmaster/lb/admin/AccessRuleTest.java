package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.admin.AccessRule.Verdict;
import dev.ringmaster.lb.http.Cidr;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessRuleTest {
    private static final InetAddress GATEWAY = InetAddresses.forString("172.18.0.1");
    private static final InetAddress REPLICA = InetAddresses.forString("10.1.0.9");

    private final AccessRule open = new AccessRule(
            new AdminOptions(
                    "127.0.0.1",
                    5001,
                    "",
                    List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("fd00::/8")),
                    true,
                    Set.of("lb.example"),
                    false,
                    true),
            Set.of(GATEWAY));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, ALLOWED",
        "127.9.9.9, ALLOWED",
        "::1, ALLOWED",
        "172.18.0.1, ALLOWED",
        "172.18.0.2, FORBIDDEN",
        "10.1.255.1, ALLOWED",
        "10.2.0.1, FORBIDDEN",
        "10.1.0.9, FORBIDDEN",
        "fd00::7, ALLOWED",
        "fe80::7, FORBIDDEN",
        "203.0.113.1, FORBIDDEN"
    })
    void peer_decides(String peer, Verdict verdict) {
        assertThat(judge(open, peer, Map.of("host", "localhost"))).isEqualTo(verdict);
    }

    @Test
    void peer_onLoopback_isNotTakenForALocalReplica() {
        AdminRequest request = request("127.0.0.1", Map.of("host", "localhost"));

        assertThat(open.judge(request, InetAddress::isLoopbackAddress)).isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void forwardedFields_decideNothing() {
        assertThat(judge(open, "203.0.113.1", Map.of("host", "localhost", "x-forwarded-for", "127.0.0.1")))
                .isEqualTo(Verdict.FORBIDDEN);
        assertThat(judge(open, "127.0.0.1", Map.of("host", "localhost", "x-forwarded-for", "203.0.113.1")))
                .isEqualTo(Verdict.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, ALLOWED",
        "none, ALLOWED",
        "same-site, FORBIDDEN",
        "cross-site, FORBIDDEN",
        "'', FORBIDDEN",
        "'none, cross-site', FORBIDDEN"
    })
    void secFetchSite_decides(String site, Verdict verdict) {
        assertThat(judge(open, "127.0.0.1", Map.of("host", "localhost", "sec-fetch-site", site)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:5000, ALLOWED",
        "HTTP://LocalHost:5000, ALLOWED",
        "http://localhost, FORBIDDEN",
        "http://localhost:5001, FORBIDDEN",
        "https://localhost:5000, FORBIDDEN",
        "http://evil.example, FORBIDDEN",
        "http://localhost:5000.evil.example, FORBIDDEN",
        "null, FORBIDDEN",
        "'', FORBIDDEN"
    })
    void origin_decides(String origin, Verdict verdict) {
        assertThat(judge(open, "127.0.0.1", Map.of("host", "localhost:5000", "origin", origin)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:5000",
                "lb",
                "my_lb-1:80",
                "127.0.0.1",
                "192.0.2.1:5000",
                "[::1]",
                "[::1]:5000",
                "[fd00::1]:5000",
                "lb.example",
                "LB.Example:5000",
                "localhost:"
            })
    void host_thatNobodyElseCanPointHere_isAllowed(String host) {
        assertThat(judge(open, "127.0.0.1", Map.of("host", host))).isEqualTo(Verdict.ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":5000",
                "evil.example",
                "evil.example:5000",
                "lb.example.evil.example",
                "xlb.example",
                "localhost.",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.1",
                "::1",
                "[::1",
                "::1]",
                "[127.0.0.1]",
                "[evil.example]:5000",
                "[]",
                "user@localhost",
                "localhost:x",
                "localhost:5000:5000",
                "localhost:123456",
                "a b",
                "lb/",
                "é"
            })
    void host_thatSomebodyElseMayHavePointedHere_isForbidden(String host) {
        assertThat(judge(open, "127.0.0.1", Map.of("host", host))).isEqualTo(Verdict.FORBIDDEN);
    }

    @Test
    void host_thatIsMissing_isForbidden() {
        assertThat(judge(open, "127.0.0.1", Map.of())).isEqualTo(Verdict.FORBIDDEN);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer s3cret, ALLOWED",
        "bearer s3cret, ALLOWED",
        "'BEARER   s3cret ', ALLOWED",
        "Bearer S3cret, UNAUTHORIZED",
        "Bearer s3cre, UNAUTHORIZED",
        "Bearer s3crett, UNAUTHORIZED",
        "'Bearer ', UNAUTHORIZED",
        "Bearers3cret, UNAUTHORIZED",
        "Basic s3cret, UNAUTHORIZED",
        "s3cret, UNAUTHORIZED",
        "'', UNAUTHORIZED"
    })
    void token_ifThereIsOne_aloneDecides(String authorization, Verdict verdict) {
        AccessRule rule = new AccessRule(
                new AdminOptions("127.0.0.1", 5001, "s3cret", List.of(), false, Set.of(), false, true), Set.of());

        assertThat(judge(rule, "203.0.113.1", Map.of("authorization", authorization, "origin", "http://evil.example")))
                .isEqualTo(verdict);
        assertThat(judge(rule, "127.0.0.1", Map.of("host", "localhost"))).isEqualTo(Verdict.UNAUTHORIZED);
    }

    @Test
    void everyCombination_isAllowedOnlyIfAllConditionsHold() {
        List<String> peers = List.of("127.0.0.1", "203.0.113.1");
        List<String> sites = List.of("-", "none", "cross-site");
        List<String> origins = List.of("-", "http://%", "http://evil.example");
        List<String> hosts = List.of("localhost", "evil.example");
        int allowed = 0;
        for (String peer : peers) {
            for (String site : sites) {
                for (String origin : origins) {
                    for (String host : hosts) {
                        Map<String, String> fields = new HashMap<>(
                                Map.of("host", host, "sec-fetch-site", site, "origin", origin.replace("%", host)));
                        fields.values().remove("-");
                        fields.values().remove("-");
                        boolean expected = peer.startsWith("127")
                                && !site.equals("cross-site")
                                && !origin.endsWith("evil.example")
                                && host.equals("localhost");
                        Verdict verdict = judge(open, peer, fields);
                        assertThat(verdict)
                                .as("%s %s", peer, fields)
                                .isEqualTo(expected ? Verdict.ALLOWED : Verdict.FORBIDDEN);
                        allowed += verdict == Verdict.ALLOWED ? 1 : 0;
                    }
                }
            }
        }
        assertThat(allowed).isEqualTo(4);
    }

    private static Verdict judge(AccessRule rule, String peer, Map<String, String> fields) {
        return rule.judge(request(peer, fields), REPLICA::equals);
    }

    private static AdminRequest request(String peer, Map<String, String> fields) {
        return new AdminRequest(
                "POST",
                "/add",
                "",
                name -> fields.get(name.toLowerCase(Locale.ROOT)),
                new byte[0],
                InetAddresses.forString(peer));
    }
}
