package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sketch against exact counts. */
final class KeySketchTest {
    private static final long SEED = 20_261_123;

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 1024})
    void count_ofAKey_isNeverTooLowAndTooHighByAtMostItsError(int loops) {
        SplittableRandom random = new SplittableRandom(SEED);
        Zipf zipf = new Zipf(100_000, 1.1);
        KeySketch sketch = new KeySketch(loops);
        Map<Long, Integer> exact = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long key = zipf.key(random);
            sketch.record(key);
            exact.merge(key, 1, Integer::sum);
        }
        KeySketch.Window window = sketch.turn();

        assertThat(window.requests()).isEqualTo(200_000);
        Map<Long, KeySketch.Window.Count> told = new HashMap<>();
        window.counts().forEach(count -> told.put(count.key(), count));
        exact.forEach((key, real) -> {
            KeySketch.Window.Count count = told.get(key);
            if (count == null) {
                assertThat((long) real).as("seed %d key %x", SEED, key).isLessThanOrEqualTo(window.unseen());
            } else {
                assertThat(count.count()).as("seed %d %s", SEED, count).isGreaterThanOrEqualTo(real);
                assertThat(count.count() - count.error())
                        .as("seed %d %s", SEED, count)
                        .isLessThanOrEqualTo(real);
            }
        });
        assertThat(told).as("the most frequent key").containsKey(Zipf.hash(0));
    }

    @Test
    void error_ofAHotKey_isSmall() {
        SplittableRandom random = new SplittableRandom(SEED);
        Zipf zipf = new Zipf(1_000_000, 1.01);
        KeySketch sketch = new KeySketch(64);
        for (int i = 0; i < 100_000; i++) {
            sketch.record(random.nextInt(10) < 3 ? 42 : zipf.key(random));
        }
        KeySketch.Window.Count hot = sketch.turn().counts().stream()
                .filter(count -> count.key() == 42)
                .findFirst()
                .orElseThrow();
        assertThat(hot.count()).isBetween(29_000, 31_500);
        assertThat(hot.error()).isLessThan(1_000);
    }

    @Test
    void turn_letsThePastWeighHalf() {
        KeySketch sketch = new KeySketch(1);
        assertThat(sketch.turn()).isEqualTo(new KeySketch.Window(0, java.util.List.of(), 0));
        for (int i = 0; i < 100; i++) {
            sketch.record(0);
        }
        assertThat(sketch.turn().counts()).containsExactly(new KeySketch.Window.Count(0, 100, 0, 100));
        sketch.record(0);
        KeySketch.Window window = sketch.turn();
        assertThat(window.requests()).isEqualTo(51);
        assertThat(window.counts()).containsExactly(new KeySketch.Window.Count(0, 51, 0, 1));
        for (int i = 0; i < 6; i++) {
            sketch.turn();
        }
        assertThat(sketch.turn().counts()).isEmpty();
    }
}
