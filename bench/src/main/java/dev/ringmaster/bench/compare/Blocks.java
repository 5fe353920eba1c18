package dev.ringmaster.bench.compare;

import dev.ringmaster.bench.compare.Accounting.Processor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The turns of everybody, block by block, each in an order drawn anew.
 *
 * <p>A failure ends the comparison, whatever the machine did meanwhile. Only what is overdue is forgiven, where others had
 * the processors: it is thrown away with its block, and the outcome tells of whom.
 */
final class Blocks {
    /** Where others have more of the processors' time, a block says little of anybody. */
    private static final double MOST_STOLEN = 0.05;

    private final Outcome outcome;
    private final Trial trial;
    private final Machine machine;
    private final Random random;

    /** What says who had the processors. */
    interface Machine {
        /** All of them together, until now. */
        Processor processors() throws IOException;
    }

    private record Overdue(Contestant contestant, OverdueException failure) {}

    /** @param outcome filled with what counts */
    Blocks(Outcome outcome, Trial trial, Machine machine) {
        this.outcome = outcome;
        this.trial = trial;
        this.machine = machine;
        this.random = new Random(outcome.options().turns().seed());
    }

    /** Takes all of them. Throws {@link IOException} naming who failed. */
    void run() throws IOException, InterruptedException {
        int block = 0;
        while (block < outcome.blocks()) {
            block += isTaken(block) ? 1 : 0;
        }
    }

    private boolean isTaken(int block) throws IOException, InterruptedException {
        Processor before = machine.processors();
        Map<Contestant, Sample> taken = new LinkedHashMap<>();
        Optional<Overdue> overdue = turns(block, taken);
        double stolen = machine.processors().stolenSince(before);
        if (stolen > MOST_STOLEN
                && outcome.thrownAway().size() < outcome.options().turns().patience()) {
            System.err.printf("block %d is thrown away: others had %.0f %% of the processors%n", block, 100 * stolen);
            outcome.thrownAway().add(stolen);
            overdue.map(Overdue::contestant).ifPresent(outcome.overdue()::add);
            return false;
        }
        if (overdue.isPresent()) {
            throw failure(overdue.get().contestant, overdue.get().failure);
        }
        outcome.add(trial.settle(taken), stolen);
        return true;
    }

    /** Ends early with what is overdue. */
    private Optional<Overdue> turns(int block, Map<Contestant, Sample> taken) throws IOException, InterruptedException {
        List<Contestant> order = new ArrayList<>(outcome.contestants());
        Collections.shuffle(order, random);
        for (Contestant contestant : order) {
            try {
                Sample sample = trial.take(contestant);
                System.err.printf("block %d %s %s%n", block, contestant.name(), sample.figures());
                taken.put(contestant, sample);
            } catch (OverdueException late) {
                System.err.printf("block %d %s: %s%n", block, contestant.name(), late.getMessage());
                return Optional.of(new Overdue(contestant, late));
            } catch (IOException failed) {
                throw failure(contestant, failed);
            }
        }
        return Optional.empty();
    }

    /** What ends a comparison, with the name of whose it is. */
    static IOException failure(Contestant contestant, IOException failure) {
        return new IOException(contestant.name() + ": " + failure.getMessage(), failure);
    }
}
