package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HashOptionsTest {
    private static final HashOptions DEFAULTS = HashOptions.defaults();

    @Test
    void defaults_always_areTheDocumentedOnes() {
        assertThat(DEFAULTS)
                .isEqualTo(new HashOptions(512, 9, Probing.LINEAR, ClassicIds.BALANCED, 160, 65_537, 1 << 18, 0.01));
    }

    @Test
    void withers_all_changeTheirPartAlone() {
        HashOptions changed = DEFAULTS.withRing(64, 4)
                .withProbing(Probing.QUADRATIC)
                .withClassicIds(ClassicIds.LITERAL)
                .withKetamaVirtualNodes(40)
                .withMaglevTableSize(251)
                .withBuckets(1024)
                .withEpsilon(0.5);
        assertThat(changed)
                .isEqualTo(new HashOptions(64, 4, Probing.QUADRATIC, ClassicIds.LITERAL, 40, 251, 1024, 0.5));
    }

    static Stream<Arguments> bounds() {
        return Stream.of(
                bound(o -> o.withRing(1, 1)),
                bound(o -> o.withRing(4096, 4096)),
                bound(o -> o.withKetamaVirtualNodes(1)),
                bound(o -> o.withKetamaVirtualNodes(10_000)),
                bound(o -> o.withMaglevTableSize(2)),
                bound(o -> o.withMaglevTableSize(16_777_213)),
                bound(o -> o.withBuckets(256)),
                bound(o -> o.withBuckets(1 << 22)),
                bound(o -> o.withEpsilon(0.0001)),
                bound(o -> o.withEpsilon(1)));
    }

    private static Arguments bound(UnaryOperator<HashOptions> change) {
        return Arguments.of(change);
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void options_atTheBounds_areTaken(UnaryOperator<HashOptions> change) {
        assertThat(change.apply(DEFAULTS)).isNotEqualTo(DEFAULTS);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(o -> o.withRing(0, 1), "ringSize must be between 1 and 4096: 0"),
                fault(o -> o.withRing(4097, 1), "ringSize must be between 1 and 4096: 4097"),
                fault(o -> o.withRing(10, 11), "virtualNodes must be between 1 and 10: 11"),
                fault(o -> o.withRing(10, 0), "virtualNodes must be between 1 and 10: 0"),
                fault(o -> o.withKetamaVirtualNodes(0), "ketamaVirtualNodes must be between 1 and 10000: 0"),
                fault(o -> o.withMaglevTableSize(65_536), "maglevTableSize must be a prime: 65536"),
                fault(o -> o.withMaglevTableSize(49), "maglevTableSize must be a prime: 49"),
                fault(o -> o.withMaglevTableSize(1), "maglevTableSize must be between 2 and 16777216: 1"),
                fault(o -> o.withBuckets(1000), "buckets must be a power of two: 1000"),
                fault(o -> o.withBuckets(128), "buckets must be between 256 and 4194304: 128"),
                fault(o -> o.withEpsilon(0), "epsilon must be between 0.0001 and 1: 0.0"),
                fault(o -> o.withEpsilon(1.1), "epsilon must be between 0.0001 and 1: 1.1"),
                fault(o -> o.withEpsilon(Double.NaN), "epsilon must be between 0.0001 and 1: NaN"));
    }

    private static Arguments fault(UnaryOperator<HashOptions> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void options_outOfRange_areRejected(UnaryOperator<HashOptions> change, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(DEFAULTS))
                .withMessage(message);
    }
}
