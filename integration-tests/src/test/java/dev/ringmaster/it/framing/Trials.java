package dev.ringmaster.it.framing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The payloads of one run: first every known shape as it is, then changed ones until there are enough. */
final class Trials {
    private Trials() {}

    static List<Payload> of(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        Mutator mutator = new Mutator(random);
        int shapes = Seeds.of(token(0)).size();
        IntFunction<Payload> trial = index -> {
            List<Payload> known = Seeds.of(token(index));
            if (index < shapes) {
                return known.get(index);
            }
            // Half of them from shapes that break no rule, else hardly any would get through.
            List<Payload> from = random.nextBoolean() ? known : valid(known);
            return mutator.mutate(from.get(random.nextInt(from.size())));
        };
        return IntStream.range(0, count).mapToObj(trial).toList();
    }

    private static List<Payload> valid(List<Payload> known) {
        return known.stream()
                .filter(shape -> Oracle.reading(shape.text()).fault().isEmpty())
                .toList();
    }

    static String token(int trial) {
        return String.format("t%06dx", trial);
    }
}
