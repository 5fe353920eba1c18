package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The seats of the pool in the order in which they were opened, and the places of its spares. Control thread only. */
final class Seats {
    private final List<Seat> seats = new ArrayList<>();
    private final List<Seat> spares = new ArrayList<>();

    List<Seat> all() {
        return List.copyOf(seats);
    }

    List<Seat> spares() {
        return List.copyOf(spares);
    }

    /** Seats first, then the places of spares. */
    List<Seat> everywhere() {
        return Stream.concat(seats.stream(), spares.stream()).toList();
    }

    int size() {
        return seats.size();
    }

    void open(Seat seat) {
        (seat.isSpare() ? spares : seats).add(seat);
    }

    void close(Seat seat) {
        (seat.isSpare() ? spares : seats).remove(seat);
        seat.close();
    }

    Optional<Seat> of(ReplicaId id) {
        return everywhere().stream().filter(seat -> seat.holds(id)).findFirst();
    }

    /** A spare that could serve. */
    Optional<Seat> readySpare() {
        return spares.stream().filter(seat -> seat.state() == ReplicaState.UP).findFirst();
    }

    Optional<Seat> at(int index) {
        return seats.stream().filter(seat -> seat.index() == index).findFirst();
    }

    Optional<Seat> named(String name) {
        return seats.stream().filter(seat -> seat.name().equals(name)).findFirst();
    }

    Set<String> names() {
        return everywhere().stream().flatMap(Seat::names).collect(Collectors.toCollection(HashSet::new));
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

    /** By number, of those seats that have another weight than 1. */
    Map<Integer, Double> weights() {
        return seats.stream().filter(seat -> seat.weight() != 1).collect(Collectors.toMap(Seat::index, Seat::weight));
    }

    ReplicaSet set(List<Replica> draining) {
        return new ReplicaSet(seats.stream().map(Seat::slot).toList(), draining, waiting());
    }

    /** The spares that run. */
    List<Replica> waiting() {
        return spares.stream()
                .flatMap(seat -> Stream.ofNullable(seat.replica()))
                .toList();
    }

    /** Seats whose replica answers heartbeats. */
    List<Seat> answering() {
        return seats.stream().filter(seat -> seat.state() == ReplicaState.UP).toList();
    }

    /** Seats that are ejected for silence. */
    int silenced() {
        return Math.toIntExact(seats.stream().filter(Seat::silenced).count());
    }

    /**
     * Whether a seat may be ejected for silence: never more than half of those that have a replica, or lost it so, but
     * always one. Spares count apart.
     */
    boolean maySilence(Seat seat) {
        List<Seat> peers = seat.isSpare() ? spares : seats;
        long silenced = peers.stream().filter(Seat::silenced).count();
        long occupied = peers.stream()
                .filter(peer -> peer.replica() != null || peer.silenced())
                .count();
        return silenced + 1 <= Math.max(1, occupied / 2);
    }
}
