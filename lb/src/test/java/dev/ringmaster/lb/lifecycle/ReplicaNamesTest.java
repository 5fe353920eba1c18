package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.ReplicaId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaNamesTest {
    @Test
    void unusedName_isValidAndNeverOneInUse() {
        ReplicaNames names = new ReplicaNames(new Random(1));
        Set<String> inUse = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertThat(inUse.add(names.unused(inUse))).isTrue();
        }
        assertThat(inUse).allMatch(ReplicaNames::valid);
        // The same stream of random numbers must lead past those that are taken.
        assertThat(inUse).doesNotContain(new ReplicaNames(new Random(1)).unused(inUse));
    }

    @Test
    void otherNames_areValid() {
        assertThat(ReplicaNames.first(0)).isEqualTo("S1").matches(ReplicaNames::valid);
        assertThat(ReplicaNames.leaving(ReplicaId.random())).matches(ReplicaNames::valid);
    }

    @ParameterizedTest
    @CsvSource({"S1, true", "a.b_c-d, true", "S, false", "-a, false", "a b, false", "é1, false", "a/b, false"})
    void name_isValidOrNot(String name, boolean valid) {
        assertThat(ReplicaNames.valid(name)).isEqualTo(valid);
    }

    @Test
    void name_of63Characters_isTheLongest() {
        assertThat(ReplicaNames.valid("a".repeat(63))).isTrue();
        assertThat(ReplicaNames.valid("a".repeat(64))).isFalse();
    }
}
