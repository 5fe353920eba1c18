package dev.ringmaster.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.ringmaster.lb.health.ReplicaHealth.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaHealthTest {
    private static HealthOptions options(int fall, int rise) {
        return new HealthOptions(
                "/", Duration.ofSeconds(1), Duration.ofSeconds(1), fall, rise, SimulatedTraffic.OPTIONS);
    }

    /** A alive, U unhealthy, R refused, S silent, d doubted before; . unchanged, E eject, B back, C confirmed. */
    @ParameterizedTest
    @CsvSource({
        "2, 1, AAAA, ....",
        "2, 1, SS, .E",
        "2, 1, SASAS, .....",
        "2, 1, USA, .EB",
        "3, 1, SSS, ..E",
        "3, 1, R, E",
        "3, 1, RRR, E..",
        "3, 1, SR, .E",
        "2, 1, RARA, EBEB",
        "2, 3, RAAA, E..B",
        "2, 2, RASAA, E...B",
        "2, 2, AAAARAA, ....E.B",
        "1, 1, SAUA, EBEB",
        "2, 1, AdAA, .C.",
        "2, 1, dSAA, .C.",
        "2, 1, dRAA, EB.",
        "2, 2, dRAAA, E.B.",
    })
    void heartbeats_inARow_giveTheseVerdicts(int fall, int rise, String heartbeats, String expected) {
        ReplicaHealth health = new ReplicaHealth();
        StringBuilder verdicts = new StringBuilder();
        for (String letter : Splitter.fixedLength(1).split(heartbeats)) {
            if (letter.equals("d")) {
                health.doubt();
                continue;
            }
            ProbeResult result = Arrays.stream(ProbeResult.values())
                    .filter(r -> r.name().startsWith(letter))
                    .findFirst()
                    .orElseThrow();
            verdicts.append(
                    switch (health.count(result, options(fall, rise))) {
                        case UNCHANGED -> '.';
                        case EJECT -> 'E';
                        case RETURN -> 'B';
                        case CONFIRMED -> 'C';
                    });
        }
        assertThat(verdicts).hasToString(expected);
    }

    @Test
    void pardonedReplica_isAskedForAgainByItsNextFailureAndNeedsNoReturn() {
        ReplicaHealth health = new ReplicaHealth();
        health.count(ProbeResult.SILENT, options(2, 1));
        assertThat(health.count(ProbeResult.SILENT, options(2, 1))).isEqualTo(Verdict.EJECT);
        health.pardon();
        assertThat(health.count(ProbeResult.SILENT, options(2, 1))).isEqualTo(Verdict.EJECT);
        health.pardon();
        assertThat(List.of(
                        health.count(ProbeResult.ALIVE, options(2, 1)),
                        health.count(ProbeResult.SILENT, options(2, 1))))
                .containsOnly(Verdict.UNCHANGED);
    }
}
