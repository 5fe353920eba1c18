package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the pool has to be as far as its operators can tell: seats change only by the change whose turn it is, at most
 * once by each, and in full.
 */
final class PoolModel {
    /** A change that was asked for. */
    static final class Change {
        final boolean adds;
        final int n;
        final List<String> names;
        boolean applied;

        Change(boolean adds, int n, List<String> names) {
            this.adds = adds;
            this.n = n;
            this.names = names;
        }

        @Override
        public String toString() {
            return (adds ? "add " : "remove ") + n + " " + names;
        }
    }

    private final Deque<Change> asked = new ArrayDeque<>();
    private List<Integer> seats;
    private List<String> names = List.of();

    PoolModel(int n) {
        this.seats = IntStream.range(0, n).boxed().toList();
    }

    List<String> names() {
        return names;
    }

    int size() {
        return seats.size();
    }

    int waiting() {
        return asked.size();
    }

    void ask(Change change) {
        asked.addLast(change);
    }

    void published(ReplicaSet set) {
        List<Integer> next = set.slots().stream().map(Slot::index).toList();
        if (!next.equals(seats)) {
            Change change = asked.peekFirst();
            assertThat(change).as("seats %s became %s unasked", seats, next).isNotNull();
            assertThat(change.applied).as("%s was in force already", change).isFalse();
            assertThat(isResult(change, next))
                    .as("%s of %s gave %s", change, seats, next)
                    .isTrue();
            assertNames(change, set.names());
            change.applied = true;
            seats = next;
        }
        names = set.names();
    }

    private void assertNames(Change change, List<String> next) {
        if (change.adds) {
            List<String> added = next.subList(seats.size(), next.size());
            assertThat(added.subList(0, change.names.size())).isEqualTo(change.names);
        } else {
            assertThat(next.stream().filter(change.names::contains)).isEmpty();
        }
    }

    /** Whether a change, carried out whole, can make these seats of those there were. */
    private boolean isResult(Change change, List<Integer> next) {
        if (change.adds) {
            List<Integer> expected = new ArrayList<>(seats);
            IntStream.iterate(0, i -> i + 1)
                    .filter(i -> !seats.contains(i))
                    .limit(change.n)
                    .forEach(expected::add);
            return next.equals(expected);
        }
        Set<Integer> kept = new HashSet<>(next);
        return next.size() == seats.size() - change.n
                && next.equals(seats.stream().filter(kept::contains).toList());
    }

    void acknowledged(Change change, ReplicaSet result) {
        assertThat(asked.pollFirst()).as("order of answers").isSameAs(change);
        assertThat(change.applied).as("%s acknowledged, not in force", change).isTrue();
        assertThat(result.slots()).extracting(Slot::index).isEqualTo(seats);
    }

    void failed(Change change, ControlException cause) {
        assertThat(change.applied)
                .as("%s failed, yet in force: %s", change, cause)
                .isFalse();
        if (cause.getMessage().startsWith("Too many")) {
            assertThat(asked.removeLastOccurrence(change)).isTrue();
        } else {
            assertThat(asked.pollFirst()).as("order of answers").isSameAs(change);
        }
    }

    /** The balancer was killed: whether these seats, found after it, are those in force, or one change in doubt whole. */
    void restarted(List<Integer> found, boolean inDoubt, Set<Change> unwritten) {
        if (!found.equals(seats)) {
            assertThat(inDoubt)
                    .as("seats %s became %s by a restart", seats, found)
                    .isTrue();
            boolean whole = unwritten.stream().anyMatch(change -> isResult(change, found))
                    || (!asked.isEmpty() && isResult(asked.getFirst(), found));
            assertThat(whole)
                    .as("seats %s became %s: part of a change", seats, found)
                    .isTrue();
            seats = found;
        }
        asked.clear();
    }
}
