package dev.ringmaster.it.framing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The payloads of one run: first every known shape as it is, then changed ones without end. */
final class Trials {
    private final SplittableRandom random;
    private final Mutator mutator;
    /** Which shapes break no rule, whatever the token. */
    private final int[] valid;

    private int made;

    Trials(long seed) {
        random = new SplittableRandom(seed);
        mutator = new Mutator(random);
        List<Payload> known = Seeds.of(token(0));
        valid = IntStream.range(0, known.size())
                .filter(i -> Oracle.reading(known.get(i).text()).fault().isEmpty())
                .toArray();
    }

    Payload next() {
        List<Payload> known = Seeds.of(token(made));
        if (made < known.size()) {
            return known.get(made++);
        }
        made++;
        // Half of them from shapes that break no rule, else hardly any would get through.
        int shape = random.nextBoolean() ? random.nextInt(known.size()) : valid[random.nextInt(valid.length)];
        return mutator.mutate(known.get(shape));
    }

    /** What only the trial of that number holds, counted from 0. */
    static String token(int trial) {
        return String.format("t%06dx", trial);
    }
}
