package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Replicas that answer heartbeats and serve badly, under some 900 requests a second; {@code -Doutlier.clients=112} makes
 * them 2,000.
 */
class OutlierIT {
    private static final int CLIENTS = Integer.getInteger("outlier.clients", 48);
    /** Long beside what a busy machine adds to it. */
    private static final long USUAL_NANOS = 50_000_000;

    private static final Duration BEFORE = Duration.ofSeconds(1);
    /** Until times count against a replica. */
    private static final Duration WARM_UP = Duration.ofSeconds(6);

    private static final Duration AFTER = Duration.ofSeconds(2);

    private final List<Server> servers = new ArrayList<>();

    /** How a replica serves. */
    enum Manner {
        WELL,
        ANSWERS_500,
        HANGS,
        TEN_TIMES_SLOWER,
        /** Every other moment it answers 500. */
        FLAPS,
        /** Takes requests and hangs up. */
        BREAKS
    }

    /** A replica whose manners change while it runs. */
    private static final class Server implements AutoCloseable {
        private final Origin origin;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile Manner manner = Manner.WELL;

        Server() throws IOException {
            origin = new Origin(this::serve);
        }

        private void serve(Origin.Connection connection) throws IOException {
            while (true) {
                if (connection.untilEmptyLine().startsWith("GET /heartbeat ")) {
                    connection.ok("");
                } else {
                    requests.incrementAndGet();
                    answer(connection);
                }
            }
        }

        private void answer(Origin.Connection connection) throws IOException {
            Manner now = manner;
            LockSupport.parkNanos(now == Manner.TEN_TIMES_SLOWER ? 10 * USUAL_NANOS : USUAL_NANOS);
            boolean good = now != Manner.ANSWERS_500 && (now != Manner.FLAPS || (System.nanoTime() >>> 27) % 2 == 0);
            switch (now) {
                case WELL, ANSWERS_500, TEN_TIMES_SLOWER, FLAPS ->
                    connection.send("HTTP/1.1 " + (good ? 200 : 500) + " X\r\nContent-Length: 2\r\n\r\nhi");
                case HANGS -> connection.in().readAllBytes();
                case BREAKS -> connection.reset();
            }
        }

        @Override
        public void close() throws IOException {
            origin.close();
        }
    }

    /** One whose replicas are out for that long when they are ejected. */
    private Balancer balancer(int replicas, String ejection) throws Exception {
        for (int i = 0; i < replicas; i++) {
            servers.add(new Server());
        }
        return Front.of(
                servers.stream().map(server -> server.origin.port()).toList(),
                "outlier.latency-factor=5",
                "outlier.base-ejection=" + ejection,
                "proxy.response-timeout=8s",
                "threads=2");
    }

    @AfterEach
    void close() throws IOException {
        for (Server server : servers) {
            server.close();
        }
    }

    private int asked() {
        return servers.stream().mapToInt(server -> server.requests.get()).sum();
    }

    private static double metric(Balancer balancer, String sample) throws IOException {
        try (Http http = new Http(balancer.adminPort())) {
            return http.get("/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(sample))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** Returns once so many replicas are said to be ejected. */
    private static void awaitEjected(Balancer balancer, int count) throws IOException {
        try (Http http = new Http(balancer.adminPort())) {
            Soon.until(() -> http.get("/api/v1/replicas").text().split("\"state\":\"ejected\",\"reason\":", -1).length
                    == count + 1);
        }
    }

    private static void spend(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Soon.until(() -> System.nanoTime() - end >= 0);
    }

    /** Whether what replicas were asked beyond what clients asked is within the budget for retries. */
    private void assertNoStorm(SteadyClients clients, Duration took) {
        int beyond = asked() - clients.count();
        double budget = 0.2 * clients.count() + 10 * took.toSeconds() + 2 * CLIENTS;
        System.out.printf("  %d requests, %d attempts beyond them%n", clients.count(), beyond);
        assertThat((double) beyond).isLessThanOrEqualTo(budget);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANSWERS_500", "HANGS", "TEN_TIMES_SLOWER", "FLAPS", "BREAKS"})
    void outlierOfThree_isOutSoonAndNoRequestFailsAfterwards(Manner manner) throws Exception {
        try (Balancer balancer = balancer(3, "5m")) {
            long began = System.nanoTime();
            long out;
            SteadyClients clients = new SteadyClients(balancer.port(), CLIENTS);
            try (clients) {
                spend(manner == Manner.TEN_TIMES_SLOWER ? WARM_UP : BEFORE);
                assertThat(metric(balancer, "ringmaster_replica_ejections_total"))
                        .isZero();
                long from = System.nanoTime();
                servers.get(1).manner = manner;
                awaitEjected(balancer, 1);
                out = System.nanoTime();
                System.out.printf("outlier %s: out after %d ms%n", manner, (out - from) / 1_000_000);
                // 5 s at most, of one that hangs before its times count, on a machine that has nothing else to do.
                assertThat(Duration.ofNanos(out - from)).isLessThan(Duration.ofSeconds(20));
                try (Http http = new Http(balancer.adminPort())) {
                    assertThat(http.get("/api/v1/explain?key=x").text()).contains("\"verdict\":\"ejected\"");
                }
                spend(AFTER);
            }
            System.out.printf(
                    "  %d requests failed%n", clients.failedSince(began).size());
            assertThat(clients.failedSince(out)).isEmpty();
            assertNoStorm(clients, Duration.ofNanos(System.nanoTime() - began));
            assertThat(metric(balancer, "ringmaster_replica_ejections_total")).isEqualTo(1);
            assertThat(balancer.log())
                    .filteredOn(line -> line.contains("state=EJECTED"))
                    .hasSize(1);
            assertThat(metric(balancer, "ringmaster_replica_respawns_total")).isZero();
        }
    }

    @Test
    void twoOutliersOfFive_areOutAndNoRequestFailsAfterwards() throws Exception {
        try (Balancer balancer = balancer(5, "5m")) {
            SteadyClients clients = new SteadyClients(balancer.port(), CLIENTS);
            long out;
            try (clients) {
                spend(WARM_UP);
                long from = System.nanoTime();
                servers.get(1).manner = Manner.ANSWERS_500;
                servers.get(3).manner = Manner.TEN_TIMES_SLOWER;
                awaitEjected(balancer, 2);
                out = System.nanoTime();
                System.out.printf("two outliers of five: out after %d ms%n", (out - from) / 1_000_000);
                spend(AFTER);
            }
            assertThat(clients.failedSince(out)).isEmpty();
        }
    }

    @Test
    void outage_ofAll_isNoStormAndEjectsNobodyForLong() throws Exception {
        try (Balancer balancer = balancer(3, "10s")) {
            long began = System.nanoTime();
            SteadyClients clients = new SteadyClients(balancer.port(), CLIENTS);
            long good;
            try (clients) {
                spend(BEFORE);
                servers.forEach(server -> server.manner = Manner.BREAKS);
                spend(AFTER);
                servers.forEach(server -> server.manner = Manner.WELL);
                awaitEjected(balancer, 0);
                spend(Duration.ofMillis(200));
                good = System.nanoTime();
                int before = clients.count();
                spend(BEFORE);
                System.out.printf("outage of all: %d requests afterwards%n", clients.count() - before);
            }
            assertThat(clients.failedSince(good)).isEmpty();
            assertNoStorm(clients, Duration.ofNanos(System.nanoTime() - began));
        }
    }
}
