package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What a balancer holds after one load, and after another, and so on: it must not grow. {@code -Dlab.seconds=N} goes on for
 * longer, and from ten minutes on tells a leak of a mebibyte an hour from noise.
 */
class SlopeIT {
    private static final long SECONDS = Integer.getInteger("lab.seconds", 10);
    private static final long ENOUGH_SECONDS = 600;
    private static final int LEAST_ROUNDS = 3;
    private static final int REQUESTS = 10_000;
    /** Bytes an hour. */
    private static final double MOST = 1 << 20;
    /** Bytes between the first round and the last of a short form; rounds differ by a tenth of it. */
    private static final long MORE_HEAP = 1 << 20;

    /** The JVM's own threads come and go with what it compiles and collects. */
    private static final int MORE_THREADS = 4;

    /** Bytes at a time in hours. */
    private record Point(double time, Vitals held) {}

    /** A straight line by least squares. */
    private record Slope(double perHour, double error) {
        static Slope of(List<Point> points, ToDoubleFunction<Vitals> bytes) {
            double time = points.stream().mapToDouble(Point::time).average().orElseThrow();
            double mean = points.stream()
                    .mapToDouble(p -> bytes.applyAsDouble(p.held))
                    .average()
                    .orElseThrow();
            double spread =
                    points.stream().mapToDouble(p -> Math.pow(p.time - time, 2)).sum();
            double slope = points.stream()
                            .mapToDouble(p -> (p.time - time) * (bytes.applyAsDouble(p.held) - mean))
                            .sum()
                    / spread;
            double rest = points.stream()
                    .mapToDouble(p -> Math.pow(bytes.applyAsDouble(p.held) - mean - slope * (p.time - time), 2))
                    .sum();
            return new Slope(slope, Math.sqrt(rest / Math.max(1, points.size() - 2) / spread));
        }

        /** With 19 of 20 it is less. */
        double most() {
            return perHour + 1.645 * error;
        }

        @Override
        public String toString() {
            return "%.2f MiB/h, at most %.2f".formatted(perHour / MOST, most() / MOST);
        }
    }

    @Test
    void load_afterLoad_leavesNothing() throws Exception {
        try (Balancer balancer = Balancer.start("replicas=2")) {
            await().until(() -> balancer.serving(2));
            long started = System.nanoTime();
            long warm = SECONDS / 4;
            List<Point> points = new ArrayList<>();
            for (double at = 0; at < SECONDS || points.size() < LEAST_ROUNDS; ) {
                assertThat(Load.start(balancer, REQUESTS).await().get("failed").asInt())
                        .isZero();
                Vitals held = Vitals.atRest(balancer);
                at = (System.nanoTime() - started) / 1e9;
                if (at > warm) {
                    points.add(new Point(at / 3600, held));
                }
            }
            Vitals first = points.getFirst().held;
            Vitals last = points.getLast().held;
            Slope live = Slope.of(points, Vitals::live);
            System.out.printf(
                    "slope: rounds=%d requests=%d live heap %s; resident %s%nfirst=%s%nlast=%s%n",
                    points.size(), points.size() * REQUESTS, live, Slope.of(points, Vitals::resident), first, last);
            await().until(() -> Vitals.descriptors(balancer) <= first.descriptors());
            assertThat(last.threads()).as("threads").isLessThanOrEqualTo(first.threads() + MORE_THREADS);
            if (SECONDS < ENOUGH_SECONDS) {
                assertThat(last.live() - first.live()).as("bytes of live heap").isLessThan(MORE_HEAP);
            } else {
                assertThat(live.most()).as("bytes of live heap an hour").isLessThan(MOST);
            }
        }
    }
}
