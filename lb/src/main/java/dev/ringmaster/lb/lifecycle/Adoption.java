package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a pool goes on after its balancer was replaced: what the journal says it is, beside what was found to run. Pure.
 *
 * <pre>
 *   journaled in a seat, found                 ─> takes that seat again
 *   on its way to a seat that is empty, found  ─> takes it
 *   a spare, found                             ─> takes a seat that is empty still, or waits on as a spare
 *   journaled in a seat, not found             ─> the seat is filled as after a death
 *   anything else that was found               ─> is ended: an addition not acknowledged, a removal not finished, an orphan
 * </pre>
 */
final class Adoption {
    private final List<ReplicaSpec> seats;
    private final Map<Integer, RunningReplica> occupants = new HashMap<>();
    private final List<RunningReplica> spares = new ArrayList<>();
    private final Map<ReplicaId, RunningReplica> left = new LinkedHashMap<>();

    private Adoption(Journal.State journal, List<RunningReplica> found) {
        seats = new ArrayList<>(journal.slots());
        found.forEach(running -> left.put(running.spec().id(), running));
    }

    /** What to do with {@code found} where the journal holds this, and with how many spares at most. */
    static Adoption of(Journal.State journal, List<RunningReplica> found, int spares) {
        Adoption adoption = new Adoption(journal, found);
        journal.slots().forEach(seat -> adoption.adopt(seat, seat));
        List<ReplicaSpec> waiting = new ArrayList<>(journal.spares());
        // The newest first: an older one for the same seat was given up.
        for (ReplicaSpec intent : journal.intents().reversed()) {
            journal.slots().stream()
                    .filter(seat -> seat.slot() == intent.slot())
                    .forEach(seat -> adoption.adopt(seat, intent));
        }
        journal.intents().stream()
                .filter(intent -> intent.slot() == ReplicaSpec.SPARE)
                .forEach(waiting::add);
        for (ReplicaSpec spare : waiting) {
            journal.slots().forEach(seat -> adoption.adopt(seat, spare));
            if (adoption.spares.size() < spares && adoption.left.containsKey(spare.id())) {
                adoption.spares.add(adoption.taken(spare).in(ReplicaSpec.SPARE));
            }
        }
        return adoption;
    }

    /** A pool made anew of what was found, because nothing says what it was meant to be: birth seats, oldest names first. */
    static Adoption withoutJournal(List<RunningReplica> found) {
        Set<Integer> numbers = new HashSet<>();
        Set<String> names = new HashSet<>();
        List<RunningReplica> seated = new ArrayList<>();
        List<RunningReplica> homeless = new ArrayList<>();
        for (RunningReplica running : found.stream()
                .sorted(Comparator.comparing(r -> r.spec().name()))
                .toList()) {
            int slot = running.spec().slot();
            // Of two with one name, one has left the pool.
            if (names.add(running.spec().name())) {
                (slot >= 0 && numbers.add(slot) ? seated : homeless).add(running);
            }
        }
        int next = 0;
        for (RunningReplica running : homeless) {
            while (!numbers.add(next)) {
                next++;
            }
            seated.add(running.in(next));
        }
        List<ReplicaSpec> slots = seated.stream()
                .map(RunningReplica::spec)
                .sorted(Comparator.comparingInt(ReplicaSpec::slot))
                .toList();
        return of(Journal.State.of(slots), found, 0);
    }

    /** Has a replica take a seat if it was found and the seat is empty. */
    private void adopt(ReplicaSpec seat, ReplicaSpec replica) {
        if (!occupants.containsKey(seat.slot()) && left.containsKey(replica.id())) {
            RunningReplica here = new RunningReplica(
                    new ReplicaSpec(replica.id(), replica.name(), seat.slot()),
                    taken(replica).address());
            seats.replaceAll(spec -> spec.slot() == seat.slot() ? here.spec() : spec);
            occupants.put(seat.slot(), here);
        }
    }

    private RunningReplica taken(ReplicaSpec replica) {
        RunningReplica running = left.remove(replica.id());
        if (running == null) {
            throw new IllegalStateException(replica + " was not found");
        }
        return running;
    }

    /** All seats in the order in which they were opened, by the replicas that they are to have. */
    List<ReplicaSpec> seats() {
        return seats;
    }

    /** The replica that runs already for a seat. */
    Optional<RunningReplica> occupant(ReplicaSpec seat) {
        return Optional.ofNullable(occupants.get(seat.slot()));
    }

    /** Replicas that run already and wait for a seat. */
    List<RunningReplica> spares() {
        return spares;
    }

    /** Replicas that are to be ended. */
    Stream<RunningReplica> rest() {
        return left.values().stream();
    }
}
