package dev.ringmaster.lb.telemetry;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ProxyMetricsTest {
    @Test
    void text_withNothingCounted_namesEveryCounterAndTheJvm() {
        Map<String, Double> series = parse(new ProxyMetrics(2).prometheusText());

        assertThat(series)
                .contains(
                        entry("ringmaster_client_connections_opened_total", 0.0),
                        entry("ringmaster_client_bytes_total{direction=\"in\"}", 0.0),
                        entry("ringmaster_retries_total{kind=\"redial\"}", 0.0),
                        entry("ringmaster_failures_total{kind=\"timed_out\"}", 0.0),
                        entry("ringmaster_requests_total{class=\"none\",code=\"none\"}", 0.0),
                        entry("ringmaster_request_duration_seconds_count", 0.0))
                .containsKey("jvm_threads_current")
                .containsKey("process_start_time_seconds");
        assertThat(series).doesNotContainKey("ringmaster_replicas_target");
    }

    @Test
    void text_ofEveryMetric_hasHelpAndAType() {
        ProxyMetrics metrics = new ProxyMetrics(1);
        metrics.loop(0).replicaRequest(0, 200);
        List<String> lines = metrics.prometheusText().lines().toList();

        List<String> undocumented = parse(metrics.prometheusText()).keySet().stream()
                .map(series -> series.replaceAll("\\{.*", "").replaceAll("_(bucket|sum|count)$", ""))
                .filter(name -> name.startsWith("ringmaster_"))
                .filter(name -> lines.stream().noneMatch(line -> line.startsWith("# HELP " + name + " "))
                        || lines.stream().noneMatch(line -> line.startsWith("# TYPE " + name + " ")))
                .toList();
        assertThat(undocumented).isEmpty();
    }

    @Test
    void counters_ofAllLoops_areAddedUp() {
        ProxyMetrics metrics = new ProxyMetrics(3);
        for (Counter counter : Counter.values()) {
            metrics.loop(0).increment(counter);
            metrics.loop(2).add(counter, 10 + counter.cell());
        }
        Map<String, Double> series = parse(metrics.prometheusText());

        for (Counter counter : Counter.values()) {
            String label = counter.label.isEmpty() ? "" : "{" + counter.label + "=\"" + counter.labelValue + "\"}";
            assertThat(series).containsEntry(counter.metric + "_total" + label, 11.0 + counter.cell());
        }
    }

    @Test
    void requests_byStatus_areCountedByClassAndCode() {
        ProxyMetrics metrics = new ProxyMetrics(2);
        for (int status : new int[] {100, 200, 200, 204, 404, 599, 0, 99, 600, -1}) {
            metrics.loop(status & 1).requestEnded(status, 1);
        }

        assertThat(parse(metrics.prometheusText()))
                .contains(
                        entry("ringmaster_requests_total{class=\"1xx\",code=\"100\"}", 1.0),
                        entry("ringmaster_requests_total{class=\"2xx\",code=\"200\"}", 2.0),
                        entry("ringmaster_requests_total{class=\"2xx\",code=\"204\"}", 1.0),
                        entry("ringmaster_requests_total{class=\"4xx\",code=\"404\"}", 1.0),
                        entry("ringmaster_requests_total{class=\"5xx\",code=\"599\"}", 1.0),
                        entry("ringmaster_requests_total{class=\"none\",code=\"none\"}", 4.0),
                        entry("ringmaster_request_duration_seconds_count", 10.0));
    }

    @Test
    void latency_atAndAroundABound_fallsIntoTheRightBucket() {
        ProxyMetrics metrics = new ProxyMetrics(1);
        long[] nanos = {
            -5,
            0,
            MICROSECONDS.toNanos(500),
            MICROSECONDS.toNanos(500) + 1,
            MILLISECONDS.toNanos(1),
            SECONDS.toNanos(61)
        };
        for (long duration : nanos) {
            metrics.loop(0).requestEnded(200, duration);
        }

        String name = "ringmaster_request_duration_seconds";
        Map<String, Double> series = parse(metrics.prometheusText());
        assertThat(series)
                .contains(
                        entry(name + "_bucket{le=\"5.0E-4\"}", 3.0),
                        entry(name + "_bucket{le=\"0.001\"}", 5.0),
                        entry(name + "_bucket{le=\"60.0\"}", 5.0),
                        entry(name + "_bucket{le=\"+Inf\"}", 6.0),
                        entry(name + "_count", 6.0));
        assertThat(series.get(name + "_sum")).isEqualTo(61.002000001);
    }

    @Test
    void replicaRequests_ofGrowingSlots_keepEarlierCounts() {
        ProxyMetrics metrics = new ProxyMetrics(2);
        metrics.loop(0).replicaRequest(0, 200);
        metrics.loop(0).replicaRequest(0, 0);
        metrics.loop(0).replicaRequest(63, 503);
        metrics.loop(1).replicaRequest(1, 301);
        metrics.loop(1).replicaRequest(0, 201);
        metrics.loop(1).replicaRequest(0, 999);

        Map<String, Double> series = parse(metrics.prometheusText());
        series.keySet().removeIf(name -> !name.startsWith("ringmaster_replica_requests"));
        assertThat(series)
                .containsOnly(
                        entry("ringmaster_replica_requests_total{class=\"2xx\",slot=\"0\"}", 2.0),
                        entry("ringmaster_replica_requests_total{class=\"failed\",slot=\"0\"}", 2.0),
                        entry("ringmaster_replica_requests_total{class=\"5xx\",slot=\"63\"}", 1.0),
                        entry("ringmaster_replica_requests_total{class=\"3xx\",slot=\"1\"}", 1.0));
    }

    @Test
    void suppliedMetrics_areAskedAtEachScrape() {
        ProxyMetrics metrics = new ProxyMetrics(1);
        long[] drops = {3};
        Map<String, Double> states = new HashMap<>(Map.of("up", 2.0));
        metrics.register(SuppliedMetric.ACCESS_LOG_DROPS, () -> drops[0]);
        metrics.register(SuppliedMetric.REPLICAS_TARGET, () -> 3);
        metrics.register(SuppliedMetric.REPLICAS, () -> states);
        metrics.prometheusText();
        drops[0] = 4;
        states.put("down", 1.0);

        String text = metrics.prometheusText();
        assertThat(parse(text))
                .contains(
                        entry("ringmaster_access_log_drops_total", 4.0),
                        entry("ringmaster_replicas_target", 3.0),
                        entry("ringmaster_replicas{state=\"up\"}", 2.0),
                        entry("ringmaster_replicas{state=\"down\"}", 1.0));
        assertThat(text)
                .contains("# TYPE ringmaster_access_log_drops_total counter")
                .contains("# TYPE ringmaster_replicas gauge");
    }

    @Test
    void suppliedMetric_registeredInTheWrongShape_isRefused() {
        ProxyMetrics metrics = new ProxyMetrics(1);

        assertThatThrownBy(() -> metrics.register(SuppliedMetric.REPLICAS, () -> 1.0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> metrics.register(SuppliedMetric.RESPAWNS, () -> Map.of("", 1.0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scrapes_besideRunningLoops_neverGoBackAndEndExact() throws Exception {
        int loops = 3;
        int rounds = 200_000;
        ProxyMetrics metrics = new ProxyMetrics(loops);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            LoopMetrics loop = metrics.loop(i);
            SplittableRandom random = new SplittableRandom(20 + i);
            writers.add(Thread.ofPlatform().start(() -> {
                await(start);
                for (int n = 0; n < rounds; n++) {
                    loop.increment(Counter.CLIENT_OPENED);
                    loop.add(Counter.CLIENT_BYTES_IN, 3);
                    loop.requestEnded(200, random.nextInt(2_000_000));
                    loop.replicaRequest(n / 5_000, 200);
                }
            }));
        }
        AtomicBoolean backwards = new AtomicBoolean();
        start.countDown();
        double last = 0;
        while (writers.stream().anyMatch(Thread::isAlive)) {
            double now = parse(metrics.prometheusText()).get("ringmaster_client_connections_opened_total");
            backwards.compareAndSet(false, now < last);
            last = now;
        }
        for (Thread writer : writers) {
            writer.join();
        }

        double requests = loops * rounds;
        Map<String, Double> series = parse(metrics.prometheusText());
        assertThat(backwards).isFalse();
        assertThat(series)
                .contains(
                        entry("ringmaster_client_connections_opened_total", requests),
                        entry("ringmaster_client_bytes_total{direction=\"in\"}", 3 * requests),
                        entry("ringmaster_requests_total{class=\"2xx\",code=\"200\"}", requests),
                        entry("ringmaster_request_duration_seconds_count", requests),
                        entry("ringmaster_replica_requests_total{class=\"2xx\",slot=\"39\"}", loops * 5_000.0));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Series with its labels to value; fails on a line that is not of the text format. */
    private static Map<String, Double> parse(String text) {
        Map<String, Double> series = new HashMap<>();
        for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            assertThat(line).matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? \\S+");
            int space = line.lastIndexOf(' ');
            String value = line.substring(space + 1).replace("+Inf", "Infinity");
            assertThat(series.put(line.substring(0, space), Double.valueOf(value)))
                    .as(line)
                    .isNull();
        }
        return series;
    }
}
