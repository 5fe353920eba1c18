package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.DataPlaneFixture.Settings;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Many clients, requests of every kind, replicas that break at random. Every request carries a token: its answer has to
 * name it and the checksum of its body, and no replica may see the token of a non-idempotent request twice.
 */
final class RandomTrafficTest extends DataPlaneTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("seconds", 4));
    /** If fewer are answered in that time, it goes on for longer. */
    private static final int LEAST_ANSWERED = 100;

    private static final Duration LONGEST = LENGTH.plusMinutes(1);
    private static final int CLIENTS = 24;
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH");

    private final Map<String, AtomicInteger> seen = FlakyReplica.counts();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    /** What is sent, and what has to come back. */
    private record Sent(String method, String bytes, String answer) {
        static Sent random(String token, SplittableRandom random) {
            String method = METHODS.get(random.nextInt(METHODS.size()));
            byte[] body = new byte[random.nextInt(3) > 0 || method.equals("HEAD") ? 0 : 1 << random.nextInt(18)];
            random.nextBytes(body);
            String head = method + " /" + token + " HTTP/1.1\r\nHost: test\r\n";
            String text = new String(body, StandardCharsets.ISO_8859_1);
            String bytes = head
                    + (body.length > 0 && random.nextBoolean()
                            ? "Transfer-Encoding: chunked\r\n\r\n" + chunked(text, random)
                            : "Content-Length: " + body.length + "\r\n\r\n" + text);
            return new Sent(method, bytes, method.equals("HEAD") ? "" : FlakyReplica.answer(token, body));
        }

        private static String chunked(String body, SplittableRandom random) {
            StringBuilder chunks = new StringBuilder();
            for (int at = 0; at < body.length(); ) {
                int size = Math.min(body.length() - at, random.nextInt(1, 20_000));
                chunks.append(Integer.toHexString(size)).append("\r\n");
                chunks.append(body, at, at + size).append("\r\n");
                at += size;
            }
            return chunks.append("0\r\n\r\n").toString();
        }
    }

    @Test
    void traffic_throughBreakingReplicas_keepsEveryPromise() throws IOException {
        System.out.println("seed " + SEED);
        DataPlaneFixture proxy = start(Settings.DEFAULT.waitForReplica(Duration.ofMillis(50)));
        try (ScriptedOrigin first = new ScriptedOrigin(new FlakyReplica(SEED, seen));
                ScriptedOrigin second = new ScriptedOrigin(new FlakyReplica(SEED + 1_000_000, seen));
                ScriptedOrigin third = new ScriptedOrigin(new FlakyReplica(SEED + 2_000_000, seen))) {
            proxy.serving(first, second, third);
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(Async.run(() -> runClient(proxy, number)));
            }
            clients.forEach(CompletableFuture::join);
        }
        System.out.println(answered + " answered, " + failed + " failed, " + cut + " cut");
        assertThat(answered.get()).as("seed %d", SEED).isGreaterThan(LEAST_ANSWERED);
        seen.forEach((request, times) -> {
            if (request.startsWith("POST") || request.startsWith("PATCH")) {
                assertThat(times.get()).as("seed %d %s", SEED, request).isEqualTo(1);
            }
        });
    }

    private void runClient(DataPlaneFixture proxy, int number) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED + number);
        long start = System.nanoTime();
        int count = 0;
        while (goesOn(start)) {
            try (RawClient client = proxy.client()) {
                boolean open = true;
                while (open && goesOn(start)) {
                    List<Sent> batch = new ArrayList<>();
                    for (int i = random.nextInt(1, 6); i > 0; i--) {
                        batch.add(Sent.random(number + "-" + count++, random));
                    }
                    open = exchange(client, batch, random.nextInt(200) == 0);
                }
            }
        }
    }

    private boolean goesOn(long start) {
        long nanos = System.nanoTime() - start;
        return nanos < LENGTH.toNanos() || (answered.get() <= LEAST_ANSWERED && nanos < LONGEST.toNanos());
    }

    /** Sends all, then reads the answers; false if the connection is over. */
    private boolean exchange(RawClient client, List<Sent> batch, boolean leaving) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Sent sent : batch) {
            all.write(sent.bytes().getBytes(StandardCharsets.ISO_8859_1));
        }
        CompletableFuture<RawClient> sending = Async.get(() -> client.send(all.toByteArray()));
        for (Sent sent : batch) {
            try {
                RawClient.Response response = client.response(sent.method().equals("HEAD"));
                while (response.status() == 103) {
                    response = client.response(sent.method().equals("HEAD"));
                }
                check(sent, response);
                if (response.field("connection").equals("close")) {
                    return false;
                }
            } catch (EOFException | SocketException visible) {
                cut.incrementAndGet();
                return false;
            }
            if (leaving) {
                client.reset();
                return false;
            }
        }
        sending.join();
        return true;
    }

    private void check(Sent sent, RawClient.Response response) {
        if (response.status() == 200) {
            answered.incrementAndGet();
            assertThat(response.text()).as("seed %d", SEED).isEqualTo(sent.answer());
        } else {
            failed.incrementAndGet();
            assertThat(response.status()).as("seed %d", SEED).isEqualTo(502);
        }
    }
}
