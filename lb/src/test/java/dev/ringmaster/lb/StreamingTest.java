package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Large bodies through slow readers: intact, and never piled up in the balancer. */
final class StreamingTest extends DataPlaneTest {
    private static final int LENGTH = 64 << 20;
    private static final int LAST = 4 << 20;
    /** Kernel buffers of both connections take up to 20 MB of a body that nobody reads. */
    private static final double MOST_READ = 24 << 20;
    /** What the allocator may take beside it for some connections with full buffers: far below one body. */
    private static final long MOST_MEMORY = 32 << 20;

    private static final String FROM_CLIENT = "ringmaster_client_bytes_total{direction=\"in\"}";
    private static final String FROM_REPLICA = "ringmaster_replica_bytes_total{direction=\"in\"}";

    private static void write(OutputStream out, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] piece = new byte[64 << 10];
        for (int sent = 0; sent < LENGTH; sent += piece.length) {
            random.nextBytes(piece);
            out.write(piece);
        }
    }

    private static long checksum(long seed) throws IOException {
        CRC32 sum = new CRC32();
        write(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        sum.update(b);
                    }

                    @Override
                    public void write(byte[] bytes, int start, int length) {
                        sum.update(bytes, start, length);
                    }
                },
                seed);
        return sum.getValue();
    }

    private static long read(InputStream in) throws IOException {
        return read(in, new CountDownLatch(0));
    }

    /** Reads all, the last megabytes only once the sender is done. */
    private static long read(InputStream in, CountDownLatch sent) throws IOException {
        CRC32 sum = new CRC32();
        byte[] piece = new byte[100_000];
        for (int left = LENGTH; left > 0; ) {
            int taken = in.read(piece, 0, Math.min(piece.length, left));
            if (taken < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            sum.update(piece, 0, taken);
            left -= taken;
            if (left < LAST && sent.getCount() > 0) {
                await().until(() -> sent.getCount() == 0);
                Async.pause(Duration.ofMillis(50));
            }
        }
        return sum.getValue();
    }

    private static long memory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void downloads_toSlowReaders_areHeldBackAtTheReplicaAndArriveWhole() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.oneLoop());
        long before = memory();
        int count = 6;
        List<RawClient> slow = new ArrayList<>();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
            if (connection.request().contains("/small")) {
                connection.ok("quick").awaitEnd();
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            write(connection.socket().getOutputStream(), 1);
        })) {
            proxy.serving(origin);
            for (int i = 0; i < count; i++) {
                slow.add(proxy.client().get("/large"));
                slow.getLast().head();
            }
            await().until(new Steady(() -> (long) proxy.metric(FROM_REPLICA)));
            assertThat(proxy.metric(FROM_REPLICA)).isLessThan(count * MOST_READ);
            assertThat(memory() - before).isLessThan(MOST_MEMORY);
            try (RawClient quick = proxy.client()) {
                assertThat(quick.get("/small").response().text()).isEqualTo("quick");
            }
            assertThat(read(slow.getFirst().in())).isEqualTo(checksum(1));
            for (RawClient client : slow) {
                client.reset();
            }
        }
    }

    @Test
    void download_whoseReplicaEndsLongBeforeItsReader_arrivesWhole() throws IOException {
        DataPlaneFixture proxy = start();
        CountDownLatch sent = new CountDownLatch(1);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.request();
                    connection.socket().setSendBufferSize(1 << 20);
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                    write(connection.socket().getOutputStream(), 4);
                    connection.socket().shutdownOutput();
                    sent.countDown();
                    connection.awaitEnd();
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send("GET / HTTP/1.0\r\n\r\n").head();
            CompletableFuture<Long> reading = Async.get(() -> read(client.in(), sent));
            assertThat(reading.join()).isEqualTo(checksum(4));
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void upload_toASlowReplica_isHeldBackAtTheClientAndArrivesWhole() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.maxBody(0));
        long before = memory();
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    go.await();
                    connection.ok(String.valueOf(read(connection.socket().getInputStream())));
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            CompletableFuture<Void> sending =
                    Async.run(() -> write(client.socket().getOutputStream(), 2));
            await().until(() -> proxy.metric(FROM_CLIENT) >= 100_000);
            await().until(new Steady(() -> (long) proxy.metric(FROM_CLIENT)));
            assertThat(proxy.metric(FROM_CLIENT)).isLessThanOrEqualTo(MOST_READ);
            assertThat(memory() - before).isLessThan(MOST_MEMORY);
            go.countDown();
            assertThat(client.response().text()).isEqualTo(String.valueOf(checksum(2)));
            sending.join();
        }
    }

    @Test
    void bodies_bothWaysAtOnce_arriveWhole() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.maxBody(0));
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
                    byte[] piece = new byte[10_000];
                    InputStream in = connection.socket().getInputStream();
                    for (int left = LENGTH; left > 0; ) {
                        int taken = in.read(piece, 0, Math.min(piece.length, left));
                        connection.socket().getOutputStream().write(piece, 0, taken);
                        left -= taken;
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            CompletableFuture<Void> sending =
                    Async.run(() -> write(client.socket().getOutputStream(), 3));
            client.head();
            assertThat(read(client.in())).isEqualTo(checksum(3));
            sending.join();
        }
    }
}
