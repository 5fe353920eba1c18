package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.laboratory.BrokenProxy.Defect;
import dev.ringmaster.it.laboratory.Crowd.Plan;
import dev.ringmaster.it.laboratory.Violation.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control: a proxy that is broken must be caught, and one that is not must pass. */
class BrokenProxyIT {
    private static final int CLIENTS = 16;
    /** Nobody leaves: a defect that meets such a client could not be seen. */
    private static final Mix.Shape SHAPE = new Mix.Shape(1000, Integer.MAX_VALUE);

    private static Verdict run(Defect defect, int oneIn, int requests) throws Exception {
        try (Laboratory laboratory = new Laboratory(requests + CLIENTS);
                BrokenProxy proxy = new BrokenProxy(laboratory.start("127.0.0.1", "S1"), defect, oneIn);
                Crowd crowd = laboratory.crowd(
                        new Plan(laboratory.seed(), CLIENTS, 0, Duration.ofMinutes(10), requests, SHAPE),
                        proxy.port())) {
            crowd.await();
            Verdict verdict = laboratory.verdict(crowd);
            System.out.println(defect + ": " + verdict.summary());
            assertThat(verdict.requests()).isEqualTo(requests);
            return verdict;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOSES, LOST",
        "CUTS, CUT",
        "GIVES_UP, FAILED",
        "REPEATS, SENT_TWICE",
        "SWAPS, MIXED_UP",
        "ALTERS_ANSWER, WRONG_BYTES",
        "ALTERS_REQUEST, WRONG_BYTES",
        "TRUNCATES_REQUEST, WRONG_BYTES",
        "ABANDONS, FAILED",
        "SENDS_MORE, MALFORMED",
        "ANSWERS_TWICE, MORE"
    })
    void defect_onceInAThousand_isCaughtByItsName(Defect defect, Kind kind) throws Exception {
        Set<Kind> found = run(defect, 1000, 5000).violations().stream()
                .map(Violation::kind)
                .collect(Collectors.toSet());
        assertThat(found).as("%s", defect).contains(kind);
    }

    @Test
    void loss_onceInTenThousand_isCaught() throws Exception {
        assertThat(run(Defect.LOSES, 10_000, 12_000).violations()).hasSize(1);
    }

    @Test
    void soundProxy_overTheSame_hasNoViolation() throws Exception {
        assertThat(run(Defect.NONE, 1, 5000).violations()).isEmpty();
    }
}
