package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A replica that is added to a running pool, with slow start: which keys it gets, and when. */
class SlowStartIT {
    private static final int KEYS = 400;

    /** Who answers each key. */
    private static List<String> answers(Client client) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            client.send("GET /home HTTP/1.1\r\nHost: test\r\nX-Key: k" + key + "\r\n\r\n");
            answers.add(client.answer().text().replaceFirst(".*Server: ([^\"]+)\".*", "$1"));
        }
        return answers;
    }

    private static Set<Integer> keysOf(String name, List<String> answers) {
        Set<Integer> keys = new HashSet<>();
        for (int key = 0; key < KEYS; key++) {
            if (answers.get(key).equals(name)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static void addFresh(Http admin) throws IOException {
        assertThat(admin.post("/api/v1/replicas", "{\"n\":1,\"hostnames\":[\"fresh\"]}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void addedReplica_beginsWithATenthOfItsKeys() throws Exception {
        // So long that no step comes while the test looks.
        try (Balancer balancer = Balancer.start("replicas=3", "hash.key=header:x-key", "slow-start=24h");
                Client client = new Client(balancer.port());
                Http admin = new Http(balancer.adminPort())) {
            Soon.until(() -> balancer.serving(3));
            assertThat(admin.get("/readyz").text())
                    .as("those that a pool starts with")
                    .doesNotContain("ramping");
            addFresh(admin);
            Soon.until(() -> admin.get("/readyz").text().contains("\"ramping\":{\"3\":\""));
            assertThat(admin.get("/api/v1/explain?key=k0").text()).contains("\"ramping\":\"");
            assertThat(keysOf("fresh", answers(client))).hasSizeBetween(1, KEYS / 8);
        }
    }

    @Test
    void addedReplica_getsItsKeysByAndBy_eachOnce() throws Exception {
        try (Balancer balancer = Balancer.start("replicas=3", "hash.key=header:x-key", "slow-start=6s");
                Client client = new Client(balancer.port());
                Http admin = new Http(balancer.adminPort())) {
            Soon.until(() -> balancer.serving(3));
            List<String> last = answers(client);
            addFresh(admin);
            List<Integer> shares = new ArrayList<>();
            boolean over = false;
            while (!over) {
                over = !shares.isEmpty()
                        && shares.getLast() > 0
                        && !admin.get("/readyz").text().contains("ramping");
                List<String> now = answers(client);
                for (int key = 0; key < KEYS; key++) {
                    assertThat(now.get(key)).as("key %d", key).isIn(last.get(key), "fresh");
                }
                shares.add(keysOf("fresh", now).size());
                last = now;
            }
            System.out.println("keys of 400 that the new replica has: " + shares);
            assertThat(shares).as("keys it has").isSorted();
            assertThat(shares.getLast()).isBetween(KEYS / 5, KEYS / 3);
            for (int key = 0; key < 20; key++) {
                String chosen = admin.get("/api/v1/explain?key=k" + key)
                        .text()
                        .replaceFirst(".*\"replica\":\"([^\"]+)\"[^}]*\"verdict\":\"chosen\".*", "$1");
                assertThat(last.get(key)).isEqualTo(chosen);
            }
        }
    }
}
