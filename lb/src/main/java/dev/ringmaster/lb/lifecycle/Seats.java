package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The seats of the pool in the order in which they were opened. Control thread only. */
final class Seats {
    private final List<Seat> seats = new ArrayList<>();

    List<Seat> all() {
        return List.copyOf(seats);
    }

    int size() {
        return seats.size();
    }

    void open(Seat seat) {
        seats.add(seat);
    }

    void close(Seat seat) {
        seats.remove(seat);
        seat.close();
    }

    Optional<Seat> of(ReplicaId id) {
        return seats.stream().filter(seat -> seat.holds(id)).findFirst();
    }

    Optional<Seat> at(int index) {
        return seats.stream().filter(seat -> seat.index() == index).findFirst();
    }

    Optional<Seat> named(String name) {
        return seats.stream().filter(seat -> seat.name().equals(name)).findFirst();
    }

    Set<String> names() {
        return seats.stream().flatMap(Seat::names).collect(Collectors.toCollection(HashSet::new));
    }

    /** The lowest {@code n} numbers that no seat has. */
    List<Integer> free(int n) {
        return IntStream.iterate(0, i -> i + 1)
                .filter(index -> at(index).isEmpty())
                .limit(n)
                .boxed()
                .toList();
    }

    List<ReplicaSpec> specs() {
        return seats.stream().map(Seat::spec).toList();
    }

    ReplicaSet set(List<Replica> draining) {
        return new ReplicaSet(seats.stream().map(Seat::slot).toList(), draining);
    }

    /** Whether one more may be ejected for silence: never more than half of those that have a replica or lost it so,
     * but always one. */
    boolean maySilence() {
        long silenced = seats.stream().filter(Seat::silenced).count();
        long occupied = seats.stream()
                .filter(seat -> seat.replica() != null || seat.silenced())
                .count();
        return silenced + 1 <= Math.max(1, occupied / 2);
    }
}
