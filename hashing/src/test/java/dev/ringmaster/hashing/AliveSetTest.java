package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliveSetTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 200})
    void all_anySize_containsEveryIndex(int size) {
        AliveSet all = AliveSet.all(size);
        assertThat(all.count()).isEqualTo(size);
        for (int i = 0; i < size; i++) {
            assertThat(all.contains(i)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 129})
    void withoutAndWith_oneIndex_changeThatOneInACopy(int index) {
        AliveSet all = AliveSet.all(130);
        AliveSet less = all.without(index);
        assertThat(less.contains(index)).isFalse();
        assertThat(less.count()).isEqualTo(129);
        assertThat(less.without(index).count()).isEqualTo(129);
        assertThat(all.count()).isEqualTo(130);
        AliveSet again = less.with(index);
        assertThat(again.contains(index)).isTrue();
        assertThat(again.count()).isEqualTo(130);
        assertThat(less.contains(index)).isFalse();
        assertThat(less).hasToString("129 of 130");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 64})
    void anyMethod_indexOutOfRange_isRejected(int index) {
        AliveSet all = AliveSet.all(3);
        assertThatThrownBy(() -> all.contains(index)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> all.with(index)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> all.without(index)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void all_negativeSize_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AliveSet.all(-1))
                .withMessage("size must not be negative: -1");
    }
}
