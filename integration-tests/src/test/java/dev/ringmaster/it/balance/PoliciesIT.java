package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How the policies that keep no key share requests out. */
class PoliciesIT {
    private static final int REQUESTS = 3000;
    /** At least four standard deviations of a third, or a half, of the requests. */
    private static final int CHANCE = 140;

    @Test
    void roundRobin_goesRoundInOrder() throws Exception {
        try (Three three = new Three("policy=round-robin", "threads=1");
                Client client = three.client()) {
            StringBuilder order = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                order.append(client.get("/").answer().text());
            }
            assertThat("ABC".repeat(101)).contains(order);
        }
    }

    @Test
    void random_sharesEvenlyWithoutOrder() throws Exception {
        try (Three three = new Three("policy=random", "threads=1")) {
            Map<String, Integer> shares = three.shares(REQUESTS);
            System.out.println("random shares " + shares);
            assertEven(shares);
        }
    }

    /** Without a key of its own every request has a random one. */
    @Test
    void consistentHash_withoutKey_sharesEvenly() throws Exception {
        try (Three three = new Three()) {
            Map<String, Integer> shares = three.shares(REQUESTS);
            System.out.println("consistent-hash shares " + shares);
            assertEven(shares);
        }
    }

    private static void assertEven(Map<String, Integer> shares) {
        assertThat(shares).hasSize(3);
        assertThat(shares.values())
                .allSatisfy(share -> assertThat(share).isBetween(REQUESTS / 3 - CHANCE, REQUESTS / 3 + CHANCE));
    }

    @Test
    void leastConnections_busyOne_getsNothingMore() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        List<Client> waiting = new ArrayList<>();
        try (Three three = new Three("policy=least-connections")) {
            Origin slow = three.origin("B");
            slow.script(connection -> {
                connection.request();
                mayAnswer.await();
                connection.ok("B");
            });
            // Ties are broken at random: sooner or later the slow one gets a request, and keeps it.
            while (slow.heads().isEmpty()) {
                Client client = three.client().get("/");
                Soon.until(() -> client.in().available() > 0 || !slow.heads().isEmpty());
                waiting.add(client);
            }
            Map<String, Integer> shares = three.shares(REQUESTS);
            System.out.println("least-connections shares, B busy: " + shares);
            assertThat(shares).containsOnlyKeys("A", "C");
            assertThat(shares.get("A")).as("the others alike").isBetween(REQUESTS / 2 - CHANCE, REQUESTS / 2 + CHANCE);
            mayAnswer.countDown();
            assertThat(waiting.getLast().answer().text()).isEqualTo("B");
            for (Client client : waiting) {
                client.close();
            }
        }
    }
}
