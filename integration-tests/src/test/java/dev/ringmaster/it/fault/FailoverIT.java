package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Origins that die and come back, and those that know nothing of heartbeats. */
class FailoverIT {
    private static final int REQUESTS = 200;

    private static void assertAllAnswered(Client client, String by) throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            String request = i % 2 == 0
                    ? "GET / HTTP/1.1\r\nHost: test\r\n\r\n"
                    : "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi";
            assertThat(client.send(request).answer().text()).as("request " + i).isIn(List.of(by.split(",", -1)));
        }
    }

    @Test
    void origin_deadAndBack_noRequestFailsAndItServesAgain() throws Exception {
        Origin mortal = Origin.answering("mortal");
        try (Origin other = Origin.answering("other");
                Balancer balancer =
                        Front.of(List.of(mortal.port(), other.port()), "policy=round-robin", "health.interval=100ms");
                Client client = new Client(balancer.port())) {
            assertAllAnswered(client, "mortal,other");
            mortal.close();
            assertAllAnswered(client, "other");
            long died = System.nanoTime();
            try (Origin back = new Origin(mortal.port(), Origin.answers("mortal"))) {
                Soon.until(() -> asks(client).equals("mortal"));
                System.out.printf("back in service after %d ms%n", (System.nanoTime() - died) / 1_000_000);
                assertAllAnswered(client, "mortal,other");
                assertThat(back.heads()).anyMatch(head -> head.startsWith("POST"));
            }
        }
    }

    /** An address where nobody listened from the start. */
    @Test
    void origin_neverThere_noRequestFails() throws Exception {
        Origin absent = Origin.answering("");
        absent.close();
        try (Origin other = Origin.answering("other");
                Balancer balancer =
                        Front.of(List.of(absent.port(), other.port()), "policy=round-robin", "health.interval=100ms");
                Client client = new Client(balancer.port())) {
            assertAllAnswered(client, "other");
        }
    }

    @Test
    void origin_withoutHeartbeatPath_staysInService() throws Exception {
        try (Origin origin = new Origin(connection -> {
                    while (true) {
                        boolean heartbeat = connection.request().startsWith("GET /heartbeat ");
                        connection.send("HTTP/1.1 " + (heartbeat ? "404 Not Found" : "200 OK")
                                + "\r\nContent-Length: 2\r\n\r\nhi");
                    }
                });
                Balancer balancer = Front.of(List.of(origin.port()), "health.interval=20ms", "health.fall=1");
                Client client = new Client(balancer.port())) {
            Soon.until(() -> {
                assertThat(client.get("/").answer().status()).isEqualTo(200);
                return heartbeats(origin) > 30;
            });
        }
    }

    @Test
    void origin_thatFailsItsHeartbeat_ejectedUntilItPasses() throws Exception {
        boolean[] well = {true};
        try (Origin sick = new Origin(connection -> {
                    while (true) {
                        boolean heartbeat = connection.request().startsWith("GET /heartbeat ");
                        connection.send("HTTP/1.1 " + (heartbeat && !well[0] ? "503 Ill" : "200 OK")
                                + "\r\nContent-Length: 4\r\n\r\nsick");
                    }
                });
                Origin other = Origin.answering("other");
                Balancer balancer = Front.of(
                        List.of(sick.port(), other.port()),
                        "policy=round-robin",
                        "health.interval=50ms",
                        "health.fall=3");
                Client client = new Client(balancer.port())) {
            assertAllAnswered(client, "sick,other");
            well[0] = false;
            int before = heartbeats(sick);
            // Two in a row: each would have been its turn.
            Soon.until(() -> !(asks(client) + asks(client)).contains("sick"));
            assertThat(heartbeats(sick) - before).as("failures in a row").isGreaterThanOrEqualTo(3);
            assertAllAnswered(client, "other");
            well[0] = true;
            Soon.until(() -> asks(client).equals("sick"));
        }
    }

    private static String asks(Client client) throws IOException {
        return client.get("/").answer().text();
    }

    private static int heartbeats(Origin origin) {
        return (int) origin.heads().stream()
                .filter(head -> head.startsWith("GET /heartbeat "))
                .count();
    }
}
