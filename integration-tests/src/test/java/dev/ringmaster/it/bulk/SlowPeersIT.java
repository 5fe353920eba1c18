package dev.ringmaster.it.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One event loop, and on it somebody who takes nothing: the others do not notice, and nothing piles up. */
class SlowPeersIT {
    private static final long MIB = 1 << 20;
    private static final long BODY = 128 * MIB;
    private static final int STUCK = 10;
    /** Enough to be stuck, little enough to be taken through a small window afterwards. */
    private static final long SLOW_BODY = 32 * MIB;
    /** What the system's own socket buffers may hold on the way. */
    private static final long ON_ITS_WAY = 48 * MIB;

    private static double mibPerSecond(Client client) throws IOException {
        long start = System.nanoTime();
        client.get("/" + BODY).head();
        Bulk.receive(client.in(), BODY);
        return BODY / (double) MIB / ((System.nanoTime() - start) / 1e9);
    }

    @Test
    void slowReaders_slowNobodyElse() throws Exception {
        try (Origin origin = BulkOrigin.start();
                Balancer balancer = Front.of(origin.port(), "threads=1");
                Client fast = new Client(balancer.port())) {
            mibPerSecond(fast);
            double without = Math.max(mibPerSecond(fast), mibPerSecond(fast));
            List<Client> slow = stuckReaders(balancer.port());
            long before = balancer.memory();
            double with = Math.max(mibPerSecond(fast), mibPerSecond(fast));
            long growth = balancer.memory() - before;
            System.out.printf(
                    "download alone %.0f MiB/s, beside %d stuck ones %.0f MiB/s, growth %d MiB%n",
                    without, slow.size(), with, growth / MIB);
            assertThat(with).isGreaterThan(without / 20);
            assertThat(growth).isLessThan(64 * MIB);
            // Slow is not lost.
            assertThat(Bulk.receive(slow.getFirst().in(), SLOW_BODY))
                    .isEqualTo(Bulk.send(OutputStream.nullOutputStream(), SLOW_BODY, false));
            for (Client client : slow) {
                client.reset();
            }
        }
    }

    /** Clients that read a head and stop. */
    private static List<Client> stuckReaders(int port) throws IOException {
        List<Client> slow = new ArrayList<>();
        for (int i = 0; i < STUCK; i++) {
            Client client = new Client(port, 256 << 10);
            client.get("/" + SLOW_BODY).head();
            slow.add(client);
        }
        return slow;
    }

    @Test
    void replicaThatReadsNothing_holdsTheClientBack() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        try (Origin origin = new Origin(connection -> {
                    connection.head();
                    goOn.await();
                    Bulk.receive(connection.in(), BODY);
                    connection.ok("all");
                });
                Balancer balancer = Front.of(origin.port(), "threads=1");
                Client client = new Client(balancer.port())) {
            client.send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: " + BODY + "\r\n\r\n");
            Thread upload = Thread.ofPlatform().start(() -> send(client, sent));
            long stuckAt = stuck(sent);
            System.out.printf("upload to a replica that reads nothing: stuck after %d MiB%n", stuckAt / MIB);
            assertThat(stuckAt).isBetween(1L, ON_ITS_WAY);
            goOn.countDown();
            assertThat(client.answer().text()).isEqualTo("all");
            upload.join();
        }
    }

    private static void send(Client client, AtomicLong sent) {
        byte[] piece = new byte[Bulk.PIECE];
        try {
            while (sent.get() < BODY) {
                client.socket().getOutputStream().write(piece);
                sent.addAndGet(piece.length);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** How far it came when it had stood still for a second. */
    private static long stuck(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        await().until(() -> sent.get() > 0);
        await().during(Duration.ofSeconds(1)).until(() -> last.getAndSet(sent.get()) == sent.get());
        return last.get();
    }
}
