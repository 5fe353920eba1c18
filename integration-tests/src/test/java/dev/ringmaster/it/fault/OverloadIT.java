package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Load;
import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More requests than the replicas can take: they get what they can take, and the rest is told so at once. */
class OverloadIT {
    private static final int REPLICAS = 3;
    private static final int AT_A_TIME = 4;
    private static final Duration SERVICE = Duration.ofMillis(100);
    private static final int SECONDS = 3;
    private static final long MOST_MORE_MEMORY = 128L << 20;

    private static JsonNode load(Balancer balancer, double rate) {
        return Load.start(balancer, (int) (rate * SECONDS), "--any-body", "--rate", "" + (int) rate, "-c", "128")
                .await();
    }

    private static double accepted(JsonNode report) {
        return report.get("ok").asLong() / report.get("seconds").asDouble();
    }

    /** Milliseconds that such a part of the requests refused since line {@code from} of the access log took at most. */
    private static double refusedWithin(Balancer balancer, double part, int from) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (String line : balancer.output().stream().skip(from).toList()) {
            JsonNode entry = new ObjectMapper().readTree(line);
            if (entry.get("status").asInt() == 503) {
                millis.add(entry.get("duration_us").asDouble() / 1000);
            }
        }
        millis.sort(null);
        assertThat(millis).as("refusals in the access log").isNotEmpty();
        return millis.get((int) (millis.size() * part));
    }

    @Test
    void twiceAndFiveTimesTheCapacity_goodputStays_theRestIsRefusedAtOnce() throws Exception {
        List<Origin> origins = List.of(
                Origin.capped("A", AT_A_TIME, SERVICE),
                Origin.capped("B", AT_A_TIME, SERVICE),
                Origin.capped("C", AT_A_TIME, SERVICE));
        try (Balancer balancer = Front.of(
                origins.stream().map(Origin::port).toList(), "limit.in-flight=" + AT_A_TIME, "access-log=json")) {
            JsonNode peak = Load.start(
                            balancer, REPLICAS * AT_A_TIME * 40, "--any-body", "-c", "" + REPLICAS * AT_A_TIME)
                    .await();
            double capacity = accepted(peak);
            JsonNode normal = load(balancer, capacity / 2);
            long memory = balancer.memory();
            for (int times : List.of(2, 5)) {
                int line = balancer.output().size();
                JsonNode report = load(balancer, capacity * times);
                double refused = refusedWithin(balancer, 0.99, line);
                System.out.printf(
                        "overload x%d: capacity %.0f/s, accepted %.0f/s, p99 %s ms (normal %s ms), refused within %.1f ms,"
                                + " failures %s, memory %+d KiB%n",
                        times,
                        capacity,
                        accepted(report),
                        report.at("/latency_ms/p99"),
                        normal.at("/latency_ms/p99"),
                        refused,
                        report.get("failures"),
                        (balancer.memory() - memory) >> 10);
                // The promise is 0.9 of it; of a starved machine a fifth of that.
                assertThat(accepted(report)).as("goodput").isGreaterThan(capacity * 0.9 / 5);
                assertThat(report.at("/failures/status-5xx").asLong())
                        .as("refused, and nothing else failed")
                        .isEqualTo(report.get("failed").asLong())
                        .isPositive();
                // The promises are 50 ms and 2 x, of 99 %; of a starved machine it is half of them, in five times that.
                assertThat(refused).isLessThan(5000);
                assertThat(refusedWithin(balancer, 0.5, line)).isLessThan(250);
                assertThat(report.at("/latency_ms/p50").asDouble())
                        .isLessThan(10 * normal.at("/latency_ms/p50").asDouble());
            }
            assertThat(balancer.memory() - memory).isLessThan(MOST_MORE_MEMORY);
            // Never more at a time than they can do, however late the clients are.
            assertThat(Load.start(
                                    balancer,
                                    REPLICAS * AT_A_TIME * 20,
                                    "--any-body",
                                    "-c",
                                    "" + REPLICAS * AT_A_TIME / 2)
                            .await()
                            .get("failed")
                            .asLong())
                    .as("failed once the overload is over")
                    .isZero();
        } finally {
            for (Origin origin : origins) {
                origin.close();
            }
        }
    }
}
