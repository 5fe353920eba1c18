package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Patience;
import dev.ringmaster.it.harness.Soon;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection to a replica is kept, and who may still use it. */
class PoolAgeIT {
    /** After that no POST takes it. */
    private static final Duration IDLE = Duration.ofMillis(1_300);

    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
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

    @Test
    void connection_idle_closedAfter4Seconds() throws Exception {
        try (Client client = new Client(balancer.port())) {
            long start = System.nanoTime();
            assertThat(client.get("/").answer().text()).isEqualTo("hello");
            Soon.until(() -> origin.open() == 0);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(3_500), Duration.ofSeconds(20));
        }
    }

    /** Behind another one, so that no machine is too slow to tell a second from four. */
    @Test
    void connection_whoseReplicaClosesAfter2Seconds_closedASecondBefore() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch first = new CountDownLatch(1);
        List<String> closed = new CopyOnWriteArrayList<>();
        origin.script(connection -> {
            boolean brief = connection.request().startsWith("GET /brief ");
            both.countDown();
            both.await();
            if (brief) {
                first.await();
            }
            String promise = brief ? "Keep-Alive: timeout=2\r\n" : "";
            connection.send("HTTP/1.1 200 OK\r\n" + promise + "Content-Length: 5\r\n\r\nhello");
            connection.in().read();
            closed.add(brief ? "brief" : "usual");
        });
        try (Client usual = new Client(balancer.port()).get("/usual");
                Client brief = new Client(balancer.port()).get("/brief")) {
            long start = System.nanoTime();
            assertThat(usual.answer().text()).isEqualTo("hello");
            first.countDown();
            assertThat(brief.answer().text()).isEqualTo("hello");
            Soon.until(() -> !closed.isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
            Soon.until(() -> closed.size() == 2);
            assertThat(closed).containsExactly("brief", "usual");
        }
    }

    @Test
    void connection_idleForMoreThanASecond_takenByGetAndNotByPost() throws Exception {
        assertThat(takes(POST, Duration.ZERO, Duration.ofSeconds(1))).isTrue();
        assertThat(takes(GET, IDLE, Duration.ofSeconds(4))).isTrue();
        assertThat(takes(POST, IDLE, Patience.LIMIT)).isFalse();
    }

    /**
     * Whether a request takes the connection that has been idle for at least so long. If it comes so late that the
     * connection may have been idle for {@code most}, for want of a processor, that tells nothing: then once more.
     */
    private static boolean takes(String request, Duration idle, Duration most) throws Exception {
        try (Client client = new Client(balancer.port())) {
            boolean taken = false;
            boolean late = true;
            for (int i = 0; late && i < 20; i++) {
                long start = System.nanoTime();
                client.send(GET).answer();
                await().pollDelay(idle).until(() -> true);
                int connections = origin.connections();
                assertThat(client.send(request).answer().text()).isEqualTo("hello");
                taken = origin.connections() == connections;
                late = System.nanoTime() - start > most.toNanos();
            }
            assertThat(late).as("came too late each time").isFalse();
            return taken;
        }
    }
}
