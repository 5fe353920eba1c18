package dev.ringmaster.it.balance;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A balancer in front of three origins that answer with their names: A, B and C. */
final class Three implements AutoCloseable {
    private static final List<String> NAMES = List.of("A", "B", "C");

    private final List<Origin> origins = new ArrayList<>();
    private final Balancer balancer;

    Three(String... settings) throws Exception {
        for (String name : NAMES) {
            origins.add(Origin.answering(name));
        }
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("health.interval=24h", "proxy.response-timeout=10m"));
        balancer = Front.of(origins.stream().map(Origin::port).toList(), all.toArray(String[]::new));
    }

    Client client() throws IOException {
        return new Client(balancer.port());
    }

    /** Calls to the second listener. */
    Http admin() throws IOException {
        return new Http(balancer.adminPort());
    }

    /** Requests that have reached an origin. */
    int requests() {
        return origins.stream().mapToInt(origin -> origin.heads().size()).sum();
    }

    Origin origin(String name) {
        return origins.get(NAMES.indexOf(name));
    }

    /** Who answers a request. */
    String ask(String path, String fields) throws IOException {
        try (Client client = client()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n")
                    .answer()
                    .text();
        }
    }

    /** How many of so many requests on one connection each origin answers. */
    Map<String, Integer> shares(int requests) throws IOException {
        Map<String, Integer> shares = new TreeMap<>();
        try (Client client = client()) {
            for (int i = 0; i < requests; i++) {
                shares.merge(client.get("/" + i).answer().text(), 1, Integer::sum);
            }
        }
        return shares;
    }

    @Override
    public void close() throws IOException {
        balancer.close();
        for (Origin origin : origins) {
            origin.close();
        }
    }
}
