package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {
    /** One to that many, so that a figure is its rank. */
    private static Statistics ranks(int count) {
        return Statistics.of(
                IntStream.rangeClosed(1, count).mapToObj(i -> (double) i).toList());
    }

    @Test
    void quartiles_betweenFigures_areInterpolated() {
        Statistics found = Statistics.of(List.of(4.0, 1.0, 2.0, 3.0));

        assertThat(found.low()).isEqualTo(1.75);
        assertThat(found.median()).isEqualTo(2.5);
        assertThat(found.high()).isEqualTo(3.25);
    }

    /** Of a table of the sign test. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "2, 1, 2",
        "3, 1, 3",
        "5, 1, 5",
        "6, 1, 6",
        "8, 1, 8",
        "9, 2, 8",
        "10, 2, 9",
        "12, 3, 10",
        "15, 4, 12",
        "20, 6, 15",
        "30, 10, 21"
    })
    void interval_ofSoManyBlocks_hasTheRanksOfTheTable(int count, double from, double to) {
        assertThat(ranks(count).from()).isEqualTo(from);
        assertThat(ranks(count).to()).isEqualTo(to);
    }

    @Test
    void interval_ofAnyNumberOfBlocks_isTheNarrowestOf95Percent() {
        for (int count = Statistics.SURE_FROM; count < 200; count++) {
            int rank = (int) ranks(count).from();

            assertThat(confidence(count, rank)).as("%d blocks", count).isGreaterThanOrEqualTo(0.95);
            assertThat(confidence(count, rank + 1)).as("%d blocks", count).isLessThan(0.95);
        }
        assertThat(confidence(Statistics.SURE_FROM - 1, 1)).isLessThan(0.95);
    }

    /** Exactly: the chance that neither fewer than {@code rank} figures are below the median nor above. */
    private static double confidence(int count, int rank) {
        BigInteger ways = BigInteger.ONE;
        BigInteger outside = BigInteger.ZERO;
        for (int below = 0; below < rank; below++) {
            outside = outside.add(ways);
            ways = ways.multiply(BigInteger.valueOf(count - below)).divide(BigInteger.valueOf(below + 1));
        }
        return 1 - 2 * outside.doubleValue() / Math.pow(2, count);
    }

    @Test
    void interval_ofSkewedFigures_enclosesTheirMedianAsOftenAsPromised() {
        Random random = new Random(2025);
        double median = Math.log(2);
        int rounds = 5_000;
        int enclosed = 0;
        for (int round = 0; round < rounds; round++) {
            Statistics found = Statistics.of(DoubleStream.generate(() -> -Math.log(1 - random.nextDouble()))
                    .limit(20)
                    .boxed()
                    .toList());
            enclosed += found.from() <= median && median <= found.to() ? 1 : 0;
        }

        assertThat((double) enclosed / rounds).isCloseTo(0.959, within(0.01));
    }

    @Test
    void statistics_ofNothing_areADash() {
        Statistics none = Statistics.of(List.of());

        assertThat(none.median()).isNaN();
        assertThat(none.from()).isNaN();
        assertThat(none.told("%.3f", 8)).isEqualTo("–");
    }

    @Test
    void told_someBlocksMissing_saysHowMany() {
        assertThat(ranks(9).told("%.1f", 10)).isEqualTo("5.0 (3.0–7.0), 9 of 10 blocks");
        assertThat(ranks(9).toldSurely("%.1f", 9)).isEqualTo("5.0 (2.0–8.0)");
    }
}
