package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.replica.ReplicaState;
import java.util.ArrayList;
import java.util.List;

/** Says what has to be done so that every seat has a serving replica. Pure: what is, and what time it is, go in. */
final class Reconciler {
    /** No seat is waiting for anything. */
    static final long NEVER = Long.MAX_VALUE;

    private Reconciler() {}

    /**
     * A seat as it is.
     *
     * @param place where it stands in the list of all
     * @param since when it came into its state, on the control thread's clock
     * @param earlyDeaths failed starts and early deaths in a row
     */
    record Observed(int place, ReplicaState state, long since, int earlyDeaths) {}

    /** Something to be done for one seat. */
    sealed interface Action {
        /** Have a replica for an empty seat. */
        record Fill(int place) implements Action {}

        /** End an ejected replica that has been silent for too long. */
        record Replace(int place) implements Action {}

        /** Start nothing more for this seat. */
        record GiveUp(int place) implements Action {}
    }

    /**
     * What to do now, and when to look again.
     *
     * @param nextLook nanoseconds from now; {@link #NEVER} if only an event can bring something to do
     */
    record Plan(List<Action> actions, long nextLook) {}

    static Plan plan(List<Observed> seats, long now, long replaceAfterNanos) {
        List<Action> actions = new ArrayList<>();
        long nextLook = NEVER;
        for (Observed seat : seats) {
            long wait = NEVER;
            switch (seat.state()) {
                case DEAD -> {
                    if (seat.earlyDeaths() >= SpawnBackoff.LIMIT) {
                        actions.add(new Action.GiveUp(seat.place()));
                    } else {
                        wait = seat.since()
                                + SpawnBackoff.delay(seat.earlyDeaths()).toNanos()
                                - now;
                        if (wait <= 0) {
                            actions.add(new Action.Fill(seat.place()));
                        }
                    }
                }
                case DOWN -> {
                    wait = seat.since() + replaceAfterNanos - now;
                    if (wait <= 0) {
                        actions.add(new Action.Replace(seat.place()));
                    }
                }
                case STARTING, UP, EJECTED, FAILED -> {}
            }
            nextLook = wait > 0 ? Math.min(nextLook, wait) : nextLook;
        }
        return new Plan(actions, nextLook);
    }
}
