package dev.ringmaster.it.analysis;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.SkewedKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One policy in front of five replicas of which each can do 16 requests at a time, 100 ms each, under 60 % of what they can
 * do: one key has 15 % of the requests, the others follow Zipf's law. Clients send when their time has come, answered or
 * not.
 */
final class PolicyTrial {
    static final long SEED = 20_261_121;
    private static final int REPLICAS = 5;
    private static final int AT_ONCE = 16;
    private static final Duration SERVICE = Duration.ofMillis(100);
    private static final double HOT_PART = 0.15;
    private static final int RATE = 480;
    private static final int CONNECTIONS = 400;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration LENGTH = Duration.ofSeconds(13);
    /** A prime, so that no round of a policy ends with them. */
    private static final int KEYS = 997;

    private final Balancer balancer;
    private final Map<String, String> cookies = new HashMap<>();

    /**
     * What came of it.
     *
     * @param peakToMean answers of the busiest replica over the mean
     * @param latencies of the answers in ms, in rising order, from the moment that each was due
     * @param wandering part of the keys that another replica answered the second time, though nothing had changed
     * @param moved part of the keys of the others that another replica answered after one had died
     */
    record Outcome(double peakToMean, List<Double> latencies, double wandering, double moved, int failed) {
        double percentile(double part) {
            return latencies.get((int) (part * (latencies.size() - 1)));
        }
    }

    private PolicyTrial(Balancer balancer) {
        this.balancer = balancer;
    }

    static Outcome run(String... settings) throws Exception {
        List<Origin> origins = new ArrayList<>();
        for (int number = 0; number < REPLICAS; number++) {
            origins.add(Origin.capped(String.valueOf(number), AT_ONCE, SERVICE));
        }
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("hash.key=header:x-key", "threads=2"));
        try (Balancer balancer = Front.of(origins.stream().map(Origin::port).toList(), all.toArray(String[]::new))) {
            return new PolicyTrial(balancer).measure(origins);
        } finally {
            for (Origin origin : origins) {
                origin.close();
            }
        }
    }

    private Outcome measure(List<Origin> origins) throws IOException, InterruptedException {
        Load load = new Load();
        load.run();
        List<String> before = answers();
        List<String> again = answers();
        origins.getLast().close();
        String dead = String.valueOf(REPLICAS - 1);
        answers();
        List<String> after = answers();
        int wandering = 0;
        int others = 0;
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            wandering += before.get(i).equals(again.get(i)) ? 0 : 1;
            if (!again.get(i).equals(dead)) {
                others++;
                moved += again.get(i).equals(after.get(i)) ? 0 : 1;
            }
        }
        return load.outcome((double) wandering / KEYS, (double) moved / others);
    }

    /** Who answers each key, asked one after another; a cookie that a key got goes with it. */
    private List<String> answers() throws IOException {
        List<String> answers = new ArrayList<>();
        try (Client client = new Client(balancer.port())) {
            for (int rank = 0; rank < KEYS; rank++) {
                String key = SkewedKeys.key(rank);
                String cookie = cookies.getOrDefault(key, "a=b");
                Client.Answer answer =
                        client.send(request("/quick", key, cookie)).answer();
                answer.values("Set-Cookie").forEach(set -> cookies.put(key, set.replaceAll(";.*", "")));
                answers.add(answer.text());
            }
        }
        return answers;
    }

    private static String request(String path, String key, String cookie) {
        return "GET " + path + " HTTP/1.1\r\nHost: test\r\nX-Key: " + key + "\r\nCookie: " + cookie + "\r\n\r\n";
    }

    private final class Load {
        private final SkewedKeys keys = new SkewedKeys(HOT_PART);
        private final ConcurrentLinkedQueue<Double> latencies = new ConcurrentLinkedQueue<>();
        private final Map<String, AtomicInteger> shares = new HashMap<>();
        private final AtomicInteger failed = new AtomicInteger();

        void run() throws InterruptedException {
            for (int number = 0; number < REPLICAS; number++) {
                shares.put(String.valueOf(number), new AtomicInteger());
            }
            long start = System.nanoTime();
            List<Thread> clients = new ArrayList<>();
            SplittableRandom seeds = new SplittableRandom(SEED);
            for (int i = 0; i < CONNECTIONS; i++) {
                SplittableRandom random = seeds.split();
                clients.add(Thread.ofVirtual().start(() -> client(random, start)));
            }
            for (Thread client : clients) {
                client.join();
            }
        }

        private void client(SplittableRandom random, long start) {
            String cookie = "a=b";
            double pause = (double) CONNECTIONS / RATE * 1e9;
            long next = start + (long) (random.nextDouble() * pause);
            try (Client client = new Client(balancer.port())) {
                while (next - start < LENGTH.toNanos()) {
                    Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                    Client.Answer answer =
                            client.send(request("/", keys.next(random), cookie)).answer();
                    for (String set : answer.values("Set-Cookie")) {
                        cookie = set.replaceAll(";.*", "");
                    }
                    if (answer.status() != 200) {
                        failed.incrementAndGet();
                    } else if (next - start > WARM_UP.toNanos()) {
                        shares.get(answer.text()).incrementAndGet();
                        latencies.add((System.nanoTime() - next) / 1e6);
                    }
                    next += (long) (-Math.log(1 - random.nextDouble()) * pause);
                }
            } catch (IOException | InterruptedException lost) {
                failed.incrementAndGet();
            }
        }

        Outcome outcome(double wandering, double moved) {
            double peak =
                    shares.values().stream().mapToInt(AtomicInteger::get).max().orElseThrow();
            double mean = (double) latencies.size() / REPLICAS;
            return new Outcome(peak / mean, latencies.stream().sorted().toList(), wandering, moved, failed.get());
        }
    }
}
