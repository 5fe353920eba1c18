package dev.ringmaster.lb.telemetry;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All metrics of one balancer and of its JVM.
 *
 * <p>Event loops write to their {@link LoopMetrics}; whatever else there is to know is asked for at each scrape.
 */
public final class ProxyMetrics {
    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.builder()
            .setIncludeCreatedTimestamps(false)
            .build();
    private static final String UNLABELLED = "";

    private final List<LoopMetrics> loops;
    private final Map<SuppliedMetric, Supplier<Map<String, Double>>> supplied = new ConcurrentHashMap<>();
    private final PrometheusRegistry registry = new PrometheusRegistry();

    /** Metrics of {@code loops} event loops, numbered from 0. */
    public ProxyMetrics(int loops) {
        this.loops = Stream.generate(LoopMetrics::new).limit(loops).toList();
        registry.register(this::collect);
        JvmMetrics.builder().register(registry);
    }

    /** The counters that event loop number {@code i}, and no other thread, writes. */
    public LoopMetrics loop(int i) {
        return loops.get(i);
    }

    /** From now on the metric has the value that the supplier gives; asked on the scraping thread. */
    public void register(SuppliedMetric metric, DoubleSupplier value) {
        requireLabel(metric, false);
        supplied.put(metric, () -> Map.of(UNLABELLED, value.getAsDouble()));
    }

    /** From now on the metric has the values that the supplier gives for each value of its label. */
    public void register(SuppliedMetric metric, Supplier<Map<String, Double>> values) {
        requireLabel(metric, true);
        supplied.put(metric, values);
    }

    /**
     * Everything in the Prometheus text format 0.0.4. It asks the JVM about threads and memory, which can take
     * milliseconds: never on an event loop.
     */
    public String prometheusText() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(32 * 1024);
        try {
            WRITER.write(text, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private MetricSnapshots collect() {
        List<MetricSnapshot> all = new ArrayList<>(new LoopSnapshots(loops).take());
        supplied.forEach((metric, values) -> all.add(snapshot(metric, values.get())));
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot snapshot(SuppliedMetric metric, Map<String, Double> values) {
        return metric.counter ? counter(metric, values) : gauge(metric, values);
    }

    private static CounterSnapshot counter(SuppliedMetric metric, Map<String, Double> values) {
        CounterSnapshot.Builder snapshot =
                CounterSnapshot.builder().name(metric.metric).help(metric.help);
        values.forEach((label, value) -> snapshot.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(metric, label))
                .value(value)
                .build()));
        return snapshot.build();
    }

    private static GaugeSnapshot gauge(SuppliedMetric metric, Map<String, Double> values) {
        GaugeSnapshot.Builder snapshot =
                GaugeSnapshot.builder().name(metric.metric).help(metric.help);
        values.forEach((label, value) -> snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(metric, label))
                .value(value)
                .build()));
        return snapshot.build();
    }

    private static Labels labels(SuppliedMetric metric, String value) {
        return metric.label.isEmpty() ? Labels.EMPTY : Labels.of(metric.label, value);
    }

    private static void requireLabel(SuppliedMetric metric, boolean labelled) {
        if (metric.label.isEmpty() == labelled) {
            throw new IllegalArgumentException(
                    metric + (labelled ? " has no label" : " needs values by " + metric.label));
        }
    }
}
