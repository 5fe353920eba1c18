package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How policies that look at the load, or at the client, share requests out. */
class LoadPoliciesIT {
    private static Origin.Script slowly(String name, long millis) {
        return connection -> {
            connection.request();
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            connection.ok(name);
        };
    }

    @Test
    void leastResponseTime_slowOne_getsLittle() throws Exception {
        try (Three three = new Three("policy=least-response-time", "threads=1")) {
            three.origin("B").script(slowly("B", 400));
            three.shares(60);
            Map<String, Integer> shares = three.shares(600);
            System.out.println("least-response-time shares, B slow: " + shares);
            assertThat(shares.getOrDefault("B", 0)).isLessThan(60);
        }
    }

    @Test
    void powerOfD_busyOne_getsNothing() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Three three = new Three("policy=power-of-d", "threads=1")) {
            Origin slow = three.origin("B");
            slow.script(connection -> {
                connection.request();
                mayAnswer.await();
                connection.ok("B");
            });
            List<Client> waiting = new ArrayList<>();
            while (slow.heads().isEmpty()) {
                Client client = three.client().get("/");
                Soon.until(() -> client.in().available() > 0 || !slow.heads().isEmpty());
                waiting.add(client);
            }
            Map<String, Integer> shares = three.shares(600);
            System.out.println("power-of-d shares, B busy: " + shares);
            assertThat(shares).containsOnlyKeys("A", "C");
            mayAnswer.countDown();
            for (Client client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void firstAvailable_leavesTheFirstOnlyWhenItFails() throws Exception {
        try (Three three = new Three("policy=first-available")) {
            assertThat(three.shares(50)).isEqualTo(Map.of("A", 50));
            three.origin("A").close();
            assertThat(three.shares(50)).isEqualTo(Map.of("B", 50));
        }
    }

    @Test
    void sticky_clientStaysWithItsSlotAndForgesNone() throws Exception {
        try (Three three = new Three("policy=sticky", "sticky.otherwise=round-robin", "threads=1");
                Client client = three.client()) {
            Client.Answer first = client.get("/").answer();
            assertThat(first.value("Set-Cookie"))
                    .matches("ringmaster=[0-2]\\.[\\w-]{22}; Path=/; HttpOnly; SameSite=Lax");
            String cookie = first.value("Set-Cookie").replaceAll(";.*", "");
            for (int i = 0; i < 20; i++) {
                Client.Answer again = client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: x=y; " + cookie + "\r\n\r\n")
                        .answer();
                assertThat(again.text()).isEqualTo(first.text());
                assertThat(again.values("Set-Cookie")).isEmpty();
            }
            String forged = cookie.substring(0, cookie.length() - 1) + (cookie.endsWith("A") ? "Q" : "A");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + forged + "\r\n\r\n")
                            .answer()
                            .values("Set-Cookie"))
                    .hasSize(1);
            three.origin(first.text()).close();
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + "\r\n\r\n")
                            .answer()
                            .text())
                    .isNotEqualTo(first.text());
        }
    }

    @Test
    void consistentHash_hotKey_spillsBeyondTheBound() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        int requests = 45;
        try (Three three = new Three("hash.key=header:x-key", "threads=1")) {
            for (String name : List.of("A", "B", "C")) {
                three.origin(name).script(connection -> {
                    connection.request();
                    mayAnswer.await();
                    connection.ok(name);
                });
            }
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                clients.add(three.client().send("GET / HTTP/1.1\r\nHost: a\r\nX-Key: hot\r\n\r\n"));
                int sent = i + 1;
                Soon.until(() -> three.requests() == sent);
            }
            List<Integer> held = List.of("A", "B", "C").stream()
                    .map(name -> three.origin(name).heads().size())
                    .sorted()
                    .toList();
            System.out.println("one hot key, in flight: " + held);
            // ceil(1.25 * 45 / 3) + 8
            assertThat(held.getLast()).isEqualTo(27);
            assertThat(held.get(1)).isEqualTo(requests - 27);
            mayAnswer.countDown();
            for (Client client : clients) {
                assertThat(client.answer().status()).isEqualTo(200);
                client.close();
            }
        }
    }
}
