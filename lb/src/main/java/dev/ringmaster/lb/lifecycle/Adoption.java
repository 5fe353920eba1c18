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
import java.util.stream.Collectors;

/**
 * How a pool goes on after its balancer was replaced: what the journal says it is, beside what was found to run. Pure.
 *
 * <pre>
 *   found and journaled in a seat      ─> takes that seat again
 *   found, born for a seat left empty  ─> takes it: it was on its way there
 *   journaled in a seat, not found     ─> the seat is filled as after a death
 *   anything else that was found       ─> is ended: an addition not acknowledged, a removal not finished, an orphan
 * </pre>
 */
final class Adoption {
    private final List<ReplicaSpec> seats;
    private final Map<ReplicaId, RunningReplica> adopted = new HashMap<>();
    private final List<RunningReplica> rest = new ArrayList<>();

    private Adoption(List<ReplicaSpec> seats) {
        this.seats = seats;
    }

    /** What to do with {@code found} where the journal holds this. */
    static Adoption of(Journal.State journal, List<RunningReplica> found) {
        Map<ReplicaId, RunningReplica> left = new LinkedHashMap<>();
        found.forEach(running -> left.put(running.spec().id(), running));
        Adoption adoption = new Adoption(new ArrayList<>(journal.slots()));
        for (ReplicaSpec seat : journal.slots()) {
            adoption.adopt(seat, Optional.ofNullable(left.remove(seat.id())));
        }
        Set<ReplicaId> unwanted =
                journal.intents().stream().map(ReplicaSpec::id).collect(Collectors.toSet());
        journal.leaving().forEach(spec -> unwanted.add(spec.id()));
        for (ReplicaSpec seat : journal.slots()) {
            Optional<RunningReplica> successor = left.values().stream()
                    .filter(running -> running.spec().slot() == seat.slot() && !adoption.adopted.containsKey(seat.id()))
                    .filter(running -> !unwanted.contains(running.spec().id()) && adoption.isFree(running, seat))
                    .findFirst();
            successor.ifPresent(running -> left.remove(running.spec().id()));
            adoption.adopt(seat, successor);
        }
        adoption.rest.addAll(left.values());
        return adoption;
    }

    /** A pool made anew of what was found, because nothing says what it was meant to be: birth seats, oldest names first. */
    static Adoption withoutJournal(List<RunningReplica> found) {
        Set<Integer> taken = new HashSet<>();
        List<RunningReplica> seated = new ArrayList<>();
        List<RunningReplica> homeless = new ArrayList<>();
        for (RunningReplica running : found.stream()
                .sorted(Comparator.comparing(r -> r.spec().name()))
                .toList()) {
            boolean free =
                    running.spec().slot() >= 0 && taken.add(running.spec().slot());
            (free ? seated : homeless).add(running);
        }
        int next = 0;
        for (RunningReplica running : homeless) {
            while (!taken.add(next)) {
                next++;
            }
            seated.add(running.in(next));
        }
        seated.sort(Comparator.comparingInt(running -> running.spec().slot()));
        return of(new Journal.State(seated.stream().map(RunningReplica::spec).toList(), List.of(), List.of()), seated);
    }

    private boolean isFree(RunningReplica running, ReplicaSpec seat) {
        return seats.stream()
                .noneMatch(other -> other.slot() != seat.slot()
                        && other.name().equals(running.spec().name()));
    }

    private void adopt(ReplicaSpec seat, Optional<RunningReplica> occupant) {
        occupant.ifPresent(running -> {
            RunningReplica here = running.in(seat.slot());
            seats.replaceAll(spec -> spec.slot() == seat.slot() ? here.spec() : spec);
            adopted.put(here.spec().id(), here);
        });
    }

    /** All seats in the order in which they were opened, by the replicas that they are to have. */
    List<ReplicaSpec> seats() {
        return seats;
    }

    /** The replica that runs already for a seat. */
    Optional<RunningReplica> occupant(ReplicaSpec seat) {
        return Optional.ofNullable(adopted.get(seat.id()));
    }

    /** Replicas that are to be ended. */
    List<RunningReplica> rest() {
        return rest;
    }
}
