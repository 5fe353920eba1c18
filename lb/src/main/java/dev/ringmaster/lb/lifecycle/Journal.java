package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pool is meant to be, on disk: the authority after a restart. Every write replaces the whole text and is on
 * disk when it returns; a text without its last line was never in force.
 *
 * <pre>
 * ringmaster-journal 1
 * slot 0 S1 2f1c09aa51b7d3e0        number, host name and id of a seat's replica, in the order of opening
 * spare -1 S9 77a0c2d41be0f356      a replica that waits for a seat
 * intent 0 S7 c01d88e2fa6b9034      a replica that is being started for a seat, -1 for none, that belongs to the pool
 * intent 3 S4 91bd6a3c00f2e877      a replica that is being added, with its seat, and does not belong to the pool yet
 * leaving 2 S3 5a0d11ce98e1b2f4     a replica that was removed and has not ended yet
 * weight 0 2.5                      the share of a slot's requests, if not 1
 * end
 * </pre>
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String FIRST = "ringmaster-journal 1";
    private static final String LAST = "end";

    private final StateFile file;

    public Journal(Path stateDir, String pool) {
        this(StateFile.at(stateDir.resolve(pool + ".journal")));
    }

    Journal(StateFile file) {
        this.file = file;
    }

    /**
     * The pool as written.
     *
     * @param slots replicas in the order in which their seats were opened; their number is N
     * @param intents replicas that were to be started, each written down before it is: one in a slot of {@code slots} is
     *     its next replica, one without a slot a spare, all others an addition that was not acknowledged
     * @param leaving replicas of an acknowledged removal: to be ended
     * @param spares replicas that wait for a slot
     * @param weights of slots that have another one than 1, by number
     */
    public record State(
            List<ReplicaSpec> slots,
            List<ReplicaSpec> intents,
            List<ReplicaSpec> leaving,
            List<ReplicaSpec> spares,
            Map<Integer, Double> weights) {
        public State {
            weights = Map.copyOf(weights);
            slots = List.copyOf(slots);
            intents = List.copyOf(intents);
            leaving = List.copyOf(leaving);
            spares = List.copyOf(spares);
            requireDistinct(slots, ReplicaSpec::slot);
            requireDistinct(slots, ReplicaSpec::name);
            if (slots.stream().anyMatch(slot -> slot.slot() == ReplicaSpec.SPARE)) {
                throw new IllegalArgumentException("a slot without a number");
            }
        }

        /** A pool where all weights are 1. */
        State(List<ReplicaSpec> slots, List<ReplicaSpec> intents, List<ReplicaSpec> leaving, List<ReplicaSpec> spares) {
            this(slots, intents, leaving, spares, Map.of());
        }

        /** A pool where nothing is under way. */
        static State of(List<ReplicaSpec> slots) {
            return new State(slots, List.of(), List.of(), List.of());
        }

        private static void requireDistinct(List<ReplicaSpec> slots, Function<ReplicaSpec, Object> key) {
            Set<Object> seen = new HashSet<>();
            for (ReplicaSpec slot : slots) {
                if (!seen.add(key.apply(slot))) {
                    throw new IllegalArgumentException(slot + " stands twice");
                }
            }
        }
    }

    /** What was written last; empty if nothing was, or, with a warning, if it cannot be understood. */
    public Optional<State> read() throws IOException {
        Optional<String> text = file.read();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(text.get()));
        } catch (IllegalArgumentException unreadable) {
            LOG.warn("journal={} unreadable, set aside: {}", file, unreadable.getMessage());
            file.setAside();
            return Optional.empty();
        }
    }

    private static State parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || !lines.getFirst().equals(FIRST)
                || !lines.getLast().equals(LAST)
                || !text.endsWith("\n")) {
            throw new IllegalArgumentException("not a whole journal");
        }
        List<ReplicaSpec> slots = new ArrayList<>();
        List<ReplicaSpec> intents = new ArrayList<>();
        List<ReplicaSpec> leaving = new ArrayList<>();
        List<ReplicaSpec> spares = new ArrayList<>();
        Map<Integer, Double> weights = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] words = line.split(" ", -1);
            if (words.length == 3 && words[0].equals("weight")) {
                weights.put(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
                continue;
            }
            if (words.length != 4 || !ReplicaNames.valid(words[2])) {
                throw new IllegalArgumentException("line '" + line + "'");
            }
            ReplicaSpec spec = new ReplicaSpec(new ReplicaId(words[3]), words[2], Integer.parseInt(words[1]));
            switch (words[0]) {
                case "slot" -> slots.add(spec);
                case "spare" -> spares.add(spec);
                case "intent" -> intents.add(spec);
                case "leaving" -> leaving.add(spec);
                default -> throw new IllegalArgumentException("line '" + line + "'");
            }
        }
        return new State(slots, intents, leaving, spares, weights);
    }

    /**
     * Replaces what was written; on disk when it returns.
     *
     * @throws IOException if it may not be: the old state or this one will be read
     */
    public void write(State state) throws IOException {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        append(text, "slot", state.slots());
        append(text, "spare", state.spares());
        append(text, "intent", state.intents());
        append(text, "leaving", state.leaving());
        new TreeMap<>(state.weights())
                .forEach((slot, weight) -> text.append("weight ")
                        .append(slot)
                        .append(' ')
                        .append(weight)
                        .append('\n'));
        file.replace(text.append(LAST).append('\n').toString());
    }

    private static void append(StringBuilder text, String kind, List<ReplicaSpec> replicas) {
        for (ReplicaSpec replica : replicas) {
            text.append(kind).append(' ').append(replica.slot()).append(' ');
            text.append(replica.name()).append(' ').append(replica.id()).append('\n');
        }
    }
}
