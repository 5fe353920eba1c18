package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Soon;
import dev.ringmaster.it.laboratory.Crowd.Plan;
import dev.ringmaster.it.laboratory.Fault.Disturb;
import dev.ringmaster.it.laboratory.Namespace.Disturbance;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two of five replicas behind links that lose, swallow, refuse or are narrow; needs root, iptables and iproute2. */
class NetworkIT {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("lab.seconds", 10));
    private static final int RATE = 600;
    /** Of all requests, though two of five links are bad most of the time. */
    private static final double LEAST_SERVED = 0.9;

    private static final Mix.Shape SHAPE = new Mix.Shape(1000, 100);

    @Test
    void requests_overBadLinks_keepEveryPromise() throws Exception {
        try (Laboratory laboratory = new Laboratory((int) TIME.toSeconds() * RATE * 3);
                Namespace first = new Namespace();
                Namespace second = new Namespace();
                Balancer balancer = front(laboratory, List.of(first, second))) {
            Site site = new Site(laboratory.control(), laboratory.windows(), balancer);
            Awaitility.await().until(() -> site.balancer().serving(Schedule.REPLICAS));
            Plan plan = new Plan(laboratory.seed(), 64, RATE, TIME, Integer.MAX_VALUE, SHAPE);
            try (Schedule schedule = new Schedule(
                            laboratory.seed(),
                            site,
                            List.of(random -> bad(random, first), random -> bad(random, second)));
                    Crowd crowd = laboratory.crowd(plan, balancer.port())) {
                crowd.await();
                System.out.printf("disturbances=%d%n", schedule.end());
                Verdict verdict = laboratory.verdict(crowd);
                verdict.assertClean(laboratory.seed());
                assertThat(verdict.requests()).isGreaterThan(TIME.toSeconds() * RATE / 20);
                assertThat(verdict.served()).isGreaterThan(LEAST_SERVED);
            }
            Soon.until(() -> balancer.metric("ringmaster_replica_in_flight") == 0);
        }
    }

    private static Fault bad(SplittableRandom random, Namespace where) {
        Disturbance[] all = Disturbance.values();
        return new Disturb(where, all[random.nextInt(all.length)], random.nextLong(500, 4000));
    }

    private static Balancer front(Laboratory laboratory, List<Namespace> namespaces) throws Exception {
        List<String> hosts = IntStream.range(0, Schedule.REPLICAS)
                .mapToObj(i -> i < namespaces.size() ? namespaces.get(i).address() : "127.0.0.1")
                .toList();
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < hosts.size(); i++) {
            String[] prefix = i < namespaces.size() ? namespaces.get(i).prefix() : new String[0];
            addresses.append(i == 0 ? "" : ",").append(hosts.get(i)).append(':');
            addresses.append(laboratory.start(hosts.get(i), "S" + i, prefix));
        }
        return Balancer.start(
                "provider=fixed",
                "provider-fixed.addresses=" + addresses,
                "policy=round-robin",
                "health.interval=200ms",
                "health.timeout=1s",
                "outlier.latency-factor=5",
                "proxy.wait-for-replica=30s",
                Laboratory.responseTimeout());
    }
}
