package dev.ringmaster.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Outcomes of comparisons that never ran. */
final class Outcomes {
    private Outcomes() {}

    static Contestant contestant(String name) {
        return new Contestant(name, "1.0", List.of(), 0, false);
    }

    /** Ours, ours again and those rivals, with nothing measured yet. */
    static Outcome of(Options options, String preparation, String... rivals) {
        List<Contestant> contestants = Stream.concat(Stream.of("Ringmaster", "Ringmaster again"), Stream.of(rivals))
                .map(Outcomes::contestant)
                .toList();
        return new Outcome(options, contestants, new Outcome.Ours(Map.of(), "-Xmx1g", "epoll"), 2, preparation);
    }

    /** One block of the scenario's compared figure, for everybody in order. */
    static Map<Contestant, Sample> block(Outcome outcome, double... figures) {
        Map<Contestant, Sample> block = new LinkedHashMap<>();
        for (int i = 0; i < figures.length; i++) {
            Figure figure = outcome.options().scenario().headline();
            block.put(outcome.contestants().get(i), Sample.of(Map.of(figure, figures[i])));
        }
        return block;
    }
}
