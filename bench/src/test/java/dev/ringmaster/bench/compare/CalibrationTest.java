package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final Contestant OURS = Outcomes.contestant("Ringmaster");
    private static final Contestant NGINX = Outcomes.contestant("nginx");

    private final List<String> asked = new ArrayList<>();
    private final Map<Contestant, Iterator<Double>> answers = new HashMap<>();

    private double rate(Contestant contestant, int seconds) {
        asked.add(contestant.name() + " " + seconds);
        return answers.get(contestant).next();
    }

    @Test
    void rate_ofEverybody_isTheMedianOfTheirTurns() throws Exception {
        answers.put(OURS, List.of(95.0, 100.0, 40.0).iterator());
        answers.put(NGINX, List.of(90.0, 80.0, 70.0).iterator());

        Calibration found = Calibration.of(List.of(OURS, NGINX), this::rate);

        assertThat(found.rates()).containsExactly(Map.entry(OURS, 95.0), Map.entry(NGINX, 80.0));
        assertThat(found.slowest()).isEqualTo(80);
        assertThat(found.told()).isEqualTo("Ringmaster 95, nginx 80");
    }

    @Test
    void turns_ofEverybody_alternate() throws Exception {
        answers.put(OURS, List.of(1.0, 1.0, 1.0).iterator());
        answers.put(NGINX, List.of(1.0, 1.0, 1.0).iterator());

        Calibration.of(List.of(OURS, NGINX), this::rate);

        assertThat(asked)
                .containsExactly("Ringmaster 2", "nginx 2", "Ringmaster 2", "nginx 2", "Ringmaster 2", "nginx 2");
    }

    @Test
    void failure_ofACalibratedOne_endsIt() {
        assertThatThrownBy(() -> Calibration.of(List.of(OURS), (_, _) -> {
                    throw new IOException("reset");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("reset");
    }
}
