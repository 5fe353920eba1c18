package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection to a replica is kept, and who may still use it. */
class PoolAgeIT {
    private static final String POST = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi";

    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.answering("hello");
        balancer = Front.of(origin.port(), "threads=1");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @BeforeEach
    void afresh() throws Exception {
        origin.reset();
        origin.script(Origin.answers("hello"));
    }

    /** How long the one connection was kept after its answer. */
    private static Duration kept() throws Exception {
        try (Client client = new Client(balancer.port())) {
            assertThat(client.get("/").answer().text()).isEqualTo("hello");
            long start = System.nanoTime();
            Soon.until(() -> origin.open() == 0);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    @Test
    void connection_idle_closedAfter4Seconds() throws Exception {
        assertThat(kept()).isBetween(Duration.ofMillis(3_500), Duration.ofSeconds(7));
    }

    @Test
    void connection_whoseReplicaClosesAfter2Seconds_closedASecondBefore() throws Exception {
        origin.script(connection -> {
            while (true) {
                connection.request();
                connection.send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 5\r\n\r\nhello");
            }
        });
        assertThat(kept()).isBetween(Duration.ofMillis(500), Duration.ofMillis(3_400));
    }

    @Test
    void connection_idleForMoreThanASecond_takenByGetAndNotByPost() throws Exception {
        try (Client client = new Client(balancer.port())) {
            int connections = origin.connections();
            client.get("/").answer();
            assertThat(client.send(POST).answer().text()).isEqualTo("hello");
            assertThat(origin.connections()).as("none has idled").isEqualTo(connections + 1);
            idle(Duration.ofMillis(1_300));
            assertThat(client.get("/").answer().text()).isEqualTo("hello");
            assertThat(origin.connections()).as("GET").isEqualTo(connections + 1);
            idle(Duration.ofMillis(1_300));
            assertThat(client.send(POST).answer().text()).isEqualTo("hello");
            assertThat(origin.connections()).as("POST").isEqualTo(connections + 2);
        }
    }

    private static void idle(Duration time) {
        await().during(time).atMost(time.multipliedBy(3)).until(() -> origin.open() == 1);
    }
}
