package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.SkewedKeys;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * One key with 30 % of the requests, the others by Zipf's law, on five replicas of which each can do 16 requests at a
 * time: what the hot key does to the others, with and without slots of its own.
 */
class HotKeyIT {
    private static final long SEED = 20_261_126;
    private static final int REPLICAS = 5;
    private static final double HOT_PART = 0.3;
    private static final int AT_ONCE = 16;
    private static final Duration SERVICE = Duration.ofMillis(100);
    /** Of 800 requests a second that the five can do, in all. */
    private static final int RATE = 600;

    private static final int CONNECTIONS = 300;
    /** For what had queued up until the hot key was found to be answered: the same in both runs. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private static final Duration COUNTED = Duration.ofSeconds(4);
    /** Who is later than that has had no processor, and begins anew: all at once they would be another load. */
    private static final long LATE_NANOS = 200_000_000;

    /** What became of the requests. */
    private record Outcome(double coldAway, double hotAway, double found, int failed) {}

    private final SkewedKeys keys = new SkewedKeys(HOT_PART);

    @Test
    void hotKey_isFoundAndLeavesTheOthersAtHome() throws Exception {
        Outcome without = run("hash.hot-key-share=off");
        Outcome with = run("hash.hot-key-share=0.6");
        System.out.printf("seed %d%nwithout: %s%nwith: %s%n", SEED, without, with);
        assertThat(with.failed() + without.failed()).isZero();
        // 0.7 usually.
        assertThat(with.found()).as("seconds until the hot key was found").isLessThan(10);
        assertThat(with.coldAway()).as("cold requests away from home").isLessThanOrEqualTo(0.05);
        assertThat(without.coldAway())
                .as("cold requests away from home, otherwise")
                .isGreaterThan(with.coldAway());
        assertThat(with.hotAway()).as("hot requests on other slots").isGreaterThan(0.2);
    }

    private Outcome run(String setting) throws Exception {
        List<Origin> origins = new ArrayList<>();
        for (int number = 0; number < REPLICAS; number++) {
            origins.add(Origin.capped(String.valueOf(number), AT_ONCE, SERVICE));
        }
        try (Balancer balancer = Front.of(
                        origins.stream().map(Origin::port).toList(),
                        setting,
                        "hash.key=header:x-key",
                        "health.interval=24h",
                        "threads=2");
                Http admin = new Http(balancer.adminPort())) {
            int hotHome = home(admin, SkewedKeys.HOT);
            Traffic traffic = new Traffic(balancer);
            traffic.start();
            double found = setting.endsWith("=off") ? 0 : found(admin);
            Thread.sleep(SETTLE);
            traffic.count();
            Thread.sleep(COUNTED);
            traffic.end();
            return traffic.outcome(admin, hotHome, found);
        } finally {
            for (Origin origin : origins) {
                Soon.until(() -> origin.open() == 0);
                origin.close();
            }
        }
    }

    private static JsonNode message(Http admin, String path) throws IOException {
        return new ObjectMapper().readTree(admin.get(path).text()).get("message");
    }

    private static int home(Http admin, String key) throws IOException {
        return message(admin, "/api/v1/explain?key=" + key)
                .get("candidates")
                .get(0)
                .get("slot")
                .asInt();
    }

    /** Seconds until the hot key is told of as hot. */
    private static double found(Http admin) throws IOException {
        String hash = message(admin, "/api/v1/explain?key=" + SkewedKeys.HOT)
                .get("hash")
                .asText();
        long start = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            for (JsonNode key : message(admin, "/api/v1/keys").get("keys")) {
                if (key.get("hash").asText().equals(hash) && key.get("hot").asBoolean()) {
                    System.out.println("hot key: " + key);
                    return true;
                }
            }
            return false;
        });
        return (System.nanoTime() - start) / 1e9;
    }

    /** Requests at random times, each on a connection that has none under way. */
    private final class Traffic {
        private final Balancer balancer;
        private final List<Thread> clients = new ArrayList<>();
        private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
        private final AtomicInteger failed = new AtomicInteger();
        private volatile boolean counting;
        private volatile boolean over;

        private record Answered(String key, int by) {}

        Traffic(Balancer balancer) {
            this.balancer = balancer;
        }

        void start() {
            SplittableRandom seeds = new SplittableRandom(SEED);
            for (int i = 0; i < CONNECTIONS; i++) {
                SplittableRandom random = seeds.split();
                clients.add(Thread.ofVirtual().start(() -> client(random)));
            }
        }

        void count() {
            counting = true;
        }

        void end() throws InterruptedException {
            counting = false;
            over = true;
            for (Thread client : clients) {
                client.join();
            }
        }

        private void client(SplittableRandom random) {
            try (Client client = new Client(balancer.port())) {
                double pause = (double) CONNECTIONS / RATE * 1e9;
                long next = System.nanoTime() + (long) (random.nextDouble() * pause);
                while (!over) {
                    Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                    if (System.nanoTime() - next > LATE_NANOS) {
                        next = System.nanoTime();
                    } else {
                        ask(client, keys.next(random));
                    }
                    next += (long) (-Math.log(1 - random.nextDouble()) * pause);
                }
            } catch (IOException | InterruptedException lost) {
                failed.incrementAndGet();
            }
        }

        private void ask(Client client, String key) throws IOException {
            Client.Answer answer = client.send("GET / HTTP/1.1\r\nHost: test\r\nX-Key: " + key + "\r\n\r\n")
                    .answer();
            if (answer.status() != 200) {
                failed.incrementAndGet();
            } else if (counting) {
                answered.add(new Answered(key, Integer.parseInt(answer.text())));
            }
        }

        Outcome outcome(Http admin, int hotHome, double found) throws IOException {
            Map<String, Integer> homes = new HashMap<>(Map.of(SkewedKeys.HOT, hotHome));
            int[] all = new int[2];
            int[] away = new int[2];
            for (Answered each : answered) {
                if (!homes.containsKey(each.key)) {
                    homes.put(each.key, home(admin, each.key));
                }
                int hot = each.key.equals(SkewedKeys.HOT) ? 1 : 0;
                all[hot]++;
                away[hot] += homes.get(each.key) == each.by ? 0 : 1;
            }
            return new Outcome((double) away[0] / all[0], (double) away[1] / all[1], found, failed.get());
        }
    }
}
