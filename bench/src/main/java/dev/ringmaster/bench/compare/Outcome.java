package dev.ringmaster.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a comparison found.
 *
 * @param contestants in the order of the table; the first is ours, the second ours again
 * @param samples one a block of each
 * @param ours what it is that was measured
 * @param processors of the machine
 * @param preparation what there is to tell of it, empty for nothing
 * @param stolen share of the processors' time that others had, one a block
 * @param thrownAway the same of blocks that do not count for it
 * @param overdue whose answers did not come in time, in one of those blocks each
 */
record Outcome(
        Options options,
        List<Contestant> contestants,
        Map<Contestant, List<Sample>> samples,
        Ours ours,
        long processors,
        String preparation,
        List<Double> stolen,
        List<Double> thrownAway,
        List<Contestant> overdue) {
    /**
     * The balancer as it runs.
     *
     * @param differences of its configuration from what is shipped
     * @param flags of its JVM
     * @param transport that it has in use
     */
    record Ours(Map<String, String> differences, String flags, String transport) {}

    /** Of nothing so far. */
    Outcome(Options options, List<Contestant> contestants, Ours ours, long processors, String preparation) {
        this(
                options,
                contestants,
                new LinkedHashMap<>(),
                ours,
                processors,
                preparation,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    /** Adds a block. */
    void add(Map<Contestant, Sample> block, double stolenShare) {
        stolen.add(stolenShare);
        block.forEach((contestant, sample) ->
                samples.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(sample));
    }

    int blocks() {
        return options.turns().blocks();
    }

    /** A figure of one contestant, over the blocks in which it counted. */
    Statistics of(Contestant contestant, Figure figure) {
        return Statistics.of(taken(contestant).stream()
                .filter(sample -> sample.has(figure))
                .map(sample -> sample.get(figure))
                .toList());
    }

    /**
     * One's compared figure over another's; infinite, and so against the one, in blocks that do not tell: where either is
     * missing or not above zero.
     */
    Statistics ratio(Contestant one, Contestant rival) {
        Figure figure = options.scenario().headline();
        List<Sample> ours = taken(one);
        List<Sample> theirs = taken(rival);
        return Statistics.of(IntStream.range(0, theirs.size())
                .mapToObj(block ->
                        ratio(ours.get(block).get(figure), theirs.get(block).get(figure)))
                .toList());
    }

    private static double ratio(double one, double other) {
        return one > 0 && other > 0 ? one / other : Double.POSITIVE_INFINITY;
    }

    private List<Sample> taken(Contestant contestant) {
        return samples.getOrDefault(contestant, List.of());
    }
}
