package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many requests a second some contestants can answer: the median of a few short turns each.
 *
 * @param rates by contestant, in their order
 */
record Calibration(Map<Contestant, Double> rates) {
    static final int TURNS = 3;
    static final int TURN_SECONDS = 2;

    /** As many requests as get answered. */
    interface Load {
        /** Answers a second. Throws {@link IOException} if a request failed. */
        double rate(Contestant contestant, int seconds) throws IOException, InterruptedException;
    }

    /** Has those, who are warm, take turns: 6 s for each. */
    static Calibration of(List<Contestant> contestants, Load load) throws IOException, InterruptedException {
        Map<Contestant, List<Double>> taken = new LinkedHashMap<>();
        for (Contestant contestant : contestants) {
            taken.put(contestant, new ArrayList<>());
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (Map.Entry<Contestant, List<Double>> one : taken.entrySet()) {
                one.getValue().add(load.rate(one.getKey(), TURN_SECONDS));
            }
        }
        Map<Contestant, Double> rates = new LinkedHashMap<>();
        taken.forEach((contestant, found) ->
                rates.put(contestant, Statistics.of(found).median()));
        return new Calibration(rates);
    }

    double slowest() {
        return rates.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** Such as "Ringmaster 80000, nginx 70000". */
    String told() {
        return rates.entrySet().stream()
                .map(rate -> "%s %.0f".formatted(rate.getKey().name(), rate.getValue()))
                .collect(Collectors.joining(", "));
    }
}
