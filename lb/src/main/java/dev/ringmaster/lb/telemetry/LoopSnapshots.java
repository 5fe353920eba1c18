package dev.ringmaster.lb.telemetry;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The cells of all event loops, added up and named. */
final class LoopSnapshots {
    private final List<LoopMetrics> loops;

    LoopSnapshots(List<LoopMetrics> loops) {
        this.loops = loops;
    }

    List<MetricSnapshot> take() {
        List<MetricSnapshot> all = new ArrayList<>(counters());
        all.add(requests());
        all.add(latency());
        all.add(replicaRequests());
        return all;
    }

    private List<CounterSnapshot> counters() {
        long[] sums = sums(LoopMetrics::counters, LoopMetrics.Counter.values().length);
        Map<String, CounterSnapshot.Builder> metrics = new LinkedHashMap<>();
        for (LoopMetrics.Counter counter : LoopMetrics.Counter.values()) {
            Labels labels = counter.label.isEmpty() ? Labels.EMPTY : Labels.of(counter.label, counter.labelValue);
            metrics.computeIfAbsent(
                            counter.metric,
                            name -> CounterSnapshot.builder().name(name).help(counter.help))
                    .dataPoint(point(labels, sums[counter.cell()]));
        }
        return metrics.values().stream().map(CounterSnapshot.Builder::build).toList();
    }

    private CounterSnapshot requests() {
        long[] sums = sums(LoopMetrics::statuses, LoopMetrics.NO_STATUS + 1);
        CounterSnapshot.Builder metric = CounterSnapshot.builder()
                .name("ringmaster_requests")
                .help("Requests by the status sent to the client; none if the client left before there was one.");
        for (int cell = 0; cell < LoopMetrics.NO_STATUS; cell++) {
            if (sums[cell] > 0) {
                int status = cell + LoopMetrics.FIRST_STATUS;
                metric.dataPoint(point(Labels.of("class", statusClass(status / 100), "code", "" + status), sums[cell]));
            }
        }
        metric.dataPoint(point(Labels.of("class", "none", "code", "none"), sums[LoopMetrics.NO_STATUS]));
        return metric.build();
    }

    private HistogramSnapshot latency() {
        long[] sums = sums(LoopMetrics::latency, Latency.CELLS);
        ClassicHistogramBuckets buckets =
                ClassicHistogramBuckets.of(Latency.bounds(), Arrays.copyOf(sums, Latency.SUM));
        return HistogramSnapshot.builder()
                .name("ringmaster_request_duration_seconds")
                .help("Time from a request's head to the end of its response.")
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets)
                        .sum(sums[Latency.SUM] / 1e9)
                        .build())
                .build();
    }

    private CounterSnapshot replicaRequests() {
        // each loop's row is read once: it may be replaced by a longer one at any time
        List<Cells> rows = loops.stream().map(LoopMetrics::slots).toList();
        long[] sums = new long[rows.stream().mapToInt(Cells::size).max().orElse(0)];
        for (Cells row : rows) {
            for (int cell = 0; cell < row.size(); cell++) {
                sums[cell] += row.get(cell);
            }
        }
        CounterSnapshot.Builder metric = CounterSnapshot.builder()
                .name("ringmaster_replica_requests")
                .help("Attempts on the replicas of a slot by status class; failed if there was no response.");
        for (int cell = 0; cell < sums.length; cell++) {
            if (sums[cell] > 0) {
                int digit = cell % LoopMetrics.CLASSES;
                String label = digit == 0 ? "failed" : statusClass(digit);
                metric.dataPoint(point(Labels.of("slot", "" + cell / LoopMetrics.CLASSES, "class", label), sums[cell]));
            }
        }
        return metric.build();
    }

    private long[] sums(Function<LoopMetrics, Cells> row, int size) {
        long[] sums = new long[size];
        loops.forEach(loop -> row.apply(loop).addTo(sums));
        return sums;
    }

    private static String statusClass(int firstDigit) {
        return firstDigit + "xx";
    }

    private static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }
}
