package dev.ringmaster.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A peer in {@code proxy.trusted} is believed: what it says about those before it is kept or added to. */
class TrustedPeerIT {
    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.echoing();
        balancer = Front.of(origin.port(), "proxy.trusted=127.0.0.0/8");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    private static String heard(String fields) throws Exception {
        try (Client client = new Client(balancer.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n")
                    .answer()
                    .text();
        }
    }

    @Test
    void forwardingFields_ofTrustedPeer_keptAndAppendedTo() throws Exception {
        String kept = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop\r\nX-Forwarded-Port: 443\r\n"
                + "Forwarded: for=1.1.1.1;proto=https\r\nX-Request-Id: theirs\r\nVia: 1.1 cdn\r\n";
        assertThat(heard("X-Forwarded-For: 1.1.1.1, 2.2.2.2\r\n" + kept + "X-Forwarded-For: 3.3.3.3\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: test\r\n" + kept
                        + "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3, 127.0.0.1\r\nVia: 1.1 ringmaster\r\n\r\n");
    }

    @Test
    void forwardingFields_missing_added() throws Exception {
        assertThat(heard(""))
                .matches("GET / HTTP/1\\.1\r\nHost: test\r\nX-Forwarded-For: 127\\.0\\.0\\.1\r\n"
                        + "X-Forwarded-Proto: http\r\nX-Forwarded-Host: test\r\nVia: 1\\.1 ringmaster\r\n"
                        + "X-Request-Id: [0-9a-f]{16}\r\n\r\n");
    }

    @Test
    void lookAlikes_ofTrustedPeer_droppedAllTheSame() throws Exception {
        assertThat(heard("X_Forwarded_For: 9.9.9.9\r\nX-Request_Id: x\r\n")).doesNotContain("9.9.9.9", "_");
    }

    @Test
    void forwardingFields_namedInConnection_stay() throws Exception {
        assertThat(heard("Connection: x-forwarded-for, x-forwarded-proto, forwarded, x-request-id, via\r\n"
                        + "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\nForwarded: for=1.1.1.1\r\n"
                        + "X-Request-Id: theirs\r\nVia: 1.1 cdn\r\n"))
                .contains(
                        "X-Forwarded-For: 1.1.1.1, 127.0.0.1\r\n",
                        "X-Forwarded-Proto: https\r\n",
                        "Forwarded: for=1.1.1.1\r\n",
                        "X-Request-Id: theirs\r\n",
                        "Via: 1.1 cdn\r\n");
    }
}
