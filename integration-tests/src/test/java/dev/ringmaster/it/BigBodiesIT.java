package dev.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Http;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gibibyte each way in bounded memory, and slow readers that are nobody else's business. */
class BigBodiesIT {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final byte[] PIECE = piece();

    @TempDir
    private Path dir;

    private ServerSocket origin;
    private Balancer balancer;

    private static byte[] piece() {
        byte[] piece = new byte[1 << 16];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = (byte) (i * 31 + (i >> 8));
        }
        return piece;
    }

    @BeforeEach
    void start() throws IOException {
        origin = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
        balancer = Balancer.start(
                dir,
                Map.of(),
                "provider=fixed",
                "provider-fixed.addresses=127.0.0.1:" + origin.getLocalPort(),
                "threads=1");
    }

    @AfterEach
    void stop() throws IOException {
        balancer.close();
        origin.close();
    }

    private void accept() {
        while (!origin.isClosed()) {
            try {
                Socket socket = origin.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** {@code GET /N} answers N bytes, a body of a request is answered by its length and checksum. */
    private static void serve(Socket socket) {
        try (socket) {
            while (true) {
                String head = head(socket.getInputStream());
                String path = head.split(" ", 3)[1];
                if (path.matches("/[0-9]+")) {
                    long size = Long.parseLong(path.substring(1));
                    reply(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    send(socket, size);
                } else {
                    CRC32C sum = new CRC32C();
                    long length = length(head);
                    read(socket.getInputStream(), length, sum);
                    String text = length + " " + sum.getValue();
                    reply(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
                }
            }
        } catch (IOException ended) {
            // The balancer closed the connection.
        }
    }

    private static void reply(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static long length(String head) {
        return head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToLong(line -> Long.parseLong(line.substring(16)))
                .findFirst()
                .orElse(0);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException();
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private static void send(Socket socket, long size) throws IOException {
        for (long left = size; left > 0; left -= PIECE.length) {
            socket.getOutputStream().write(PIECE, 0, (int) Math.min(left, PIECE.length));
        }
    }

    private static void read(InputStream in, long size, CRC32C sum) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = size; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            sum.update(buffer, 0, n);
            left -= n;
        }
    }

    private static long checksum(long size) {
        CRC32C sum = new CRC32C();
        for (long left = size; left > 0; left -= PIECE.length) {
            sum.update(PIECE, 0, (int) Math.min(left, PIECE.length));
        }
        return sum.getValue();
    }

    private void download(long size) throws IOException {
        try (Http http = balancer.http()) {
            http.send("GET /" + size + " HTTP/1.1\r\nHost: a\r\n\r\n");
            InputStream in = http.socket().getInputStream();
            assertThat(head(in)).startsWith("HTTP/1.1 200 ");
            CRC32C sum = new CRC32C();
            read(in, size, sum);
            assertThat(sum.getValue()).isEqualTo(checksum(size));
        }
    }

    private void upload(long size) throws IOException {
        try (Http http = balancer.http()) {
            http.send("PUT /sum HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            send(http.socket(), size);
            assertThat(http.answer(false).text()).isEqualTo(size + " " + checksum(size));
        }
    }

    @Test
    void gibibyte_bothWays_growsMemoryLittle() throws IOException {
        upload(128 * MIB);
        download(128 * MIB);
        long before = balancer.memory();
        upload(GIB);
        long afterUpload = balancer.memory();
        download(GIB);
        long afterDownload = balancer.memory();
        System.err.printf(
                "memory MiB: before %d, after upload %d, after download %d%n",
                before / MIB, afterUpload / MIB, afterDownload / MIB);
        assertThat(afterUpload - before).isLessThan(64 * MIB);
        assertThat(afterDownload - before).isLessThan(64 * MIB);
    }

    @Test
    void slowReader_onOneConnection_holdsUpNoOther() throws IOException, InterruptedException {
        try (Http slow = balancer.http()) {
            slow.socket().setReceiveBufferSize(4096);
            slow.send("GET /" + GIB + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head(slow.socket().getInputStream())).startsWith("HTTP/1.1 200 ");
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong sipped = new AtomicLong();
            Thread sipping = Thread.startVirtualThread(() -> {
                try {
                    while (!stop.get()) {
                        sipped.addAndGet(slow.socket().getInputStream().readNBytes(1024).length);
                        Thread.sleep(50);
                    }
                } catch (IOException | InterruptedException ended) {
                    stop.set(true);
                }
            });
            long before = balancer.memory();
            long start = System.nanoTime();
            download(128 * MIB);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.err.printf("128 MiB beside a slow reader: %.2f s, it got %d bytes%n", seconds, sipped.get());
            assertThat(stop).isFalse();
            stop.set(true);
            sipping.join();
            assertThat(balancer.memory() - before).isLessThan(64 * MIB);
            assertThat(seconds).as("the slow reader takes hours").isLessThan(60);
        }
    }
}
