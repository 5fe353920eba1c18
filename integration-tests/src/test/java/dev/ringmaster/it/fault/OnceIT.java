package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two origins that break all the time: what may not be sent twice is not, and nobody gets another's answer. */
class OnceIT {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 400;
    private static final String CUT = "cut";

    private final long seed = System.nanoTime();
    private final Map<String, String> outcomes = new ConcurrentHashMap<>();

    @Test
    void requests_overManyFaults_postsHeardAtMostOnce() throws Exception {
        Map<String, Long> heard;
        try (Origin first = FaultyOrigin.start(seed);
                Origin second = FaultyOrigin.start(seed + 1);
                Balancer balancer = Front.of(
                        List.of(first.port(), second.port()),
                        "health.interval=24h",
                        "policy=round-robin",
                        "proxy.wait-for-replica=20ms");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                running.add(clients.submit(() -> {
                    requests(number, balancer.port());
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
            heard = Stream.concat(first.heads().stream(), second.heads().stream())
                    .collect(Collectors.groupingBy(
                            head -> head.substring(0, head.indexOf(" HTTP/1.1")), Collectors.counting()));
        }
        Map<String, Long> counts =
                outcomes.values().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long again = heard.values().stream().filter(times -> times > 1).count();
        System.out.printf(
                "faults: seed=%d requests=%d outcomes=%s sent-again=%d%n", seed, outcomes.size(), counts, again);
        assertThat(outcomes).hasSize(CLIENTS * REQUESTS);
        assertThat(heard).allSatisfy((request, times) -> {
            if (request.startsWith("POST")) {
                assertThat(times).as(request + " seed " + seed).isEqualTo(1);
            }
        });
        assertThat(outcomes).allSatisfy((request, outcome) -> {
            assertThat(outcome).as(request + " seed " + seed).isIn("200", "502", CUT);
            assertThat(!outcome.equals("200") || heard.containsKey(request)).isTrue();
        });
        assertThat(again).as("requests that may be sent again were").isPositive();
        assertThat(counts.keySet()).contains("200", "502", CUT);
    }

    private void requests(int number, int port) throws IOException {
        SplittableRandom random = new SplittableRandom(seed + number);
        Client client = new Client(port);
        for (int i = 0; i < REQUESTS; i++) {
            String path = "/" + number + "-" + i;
            boolean post = random.nextBoolean();
            String outcome = outcome(client, path, post ? random.nextInt(100_000) : -1);
            outcomes.put((post ? "POST " : "GET ") + path, outcome);
            if (outcome.equals(CUT)) {
                client.close();
                client = new Client(port);
            }
        }
        client.close();
    }

    private static String outcome(Client client, String path, int body) throws IOException {
        try {
            if (body < 0) {
                client.get(path);
            } else {
                client.send("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + body + "\r\n\r\n"
                        + "a".repeat(body));
            }
            Answer answer = client.answer();
            if (answer.status() == 103) {
                answer = client.answer();
            }
            boolean own = answer.status() != 200 || answer.text().equals(path);
            return own ? Integer.toString(answer.status()) : "answer to " + answer.text();
        } catch (java.net.SocketTimeoutException silent) {
            throw silent;
        } catch (IOException broken) {
            return CUT;
        }
    }
}
