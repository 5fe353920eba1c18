package dev.ringmaster.lb.balance;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Requests in flight as one event loop sees them: all that there were at the first decision of this turn of the loop that
 * asked, and one for each decision since. So a turn of many decisions reads all replicas' memory once, and one of
 * decisions that need not know never. Only on that loop.
 */
final class LoopLoad {
    private final Executor endOfTurn;
    private final Runnable turnOver;
    private boolean fresh;
    private @Nullable RoutingTable seen;
    private long atFirst;
    private long decisions;
    private long decisionsAtFirst;

    /** @param endOfTurn runs a task once the event loop has done what is at hand */
    LoopLoad(Executor endOfTurn) {
        this.endOfTurn = endOfTurn;
        this.turnOver = this::turnOver;
    }

    /** For one who is no event loop and looks anew each time. */
    static LoopLoad ofNoLoop() {
        return new LoopLoad(Runnable::run);
    }

    /** Another request is about to be sent. */
    void decide() {
        decisions++;
    }

    /** Requests in flight to all replicas that serve in this table, the one that is being decided on among them. */
    @SuppressWarnings("ReferenceEquality") // a table is published once
    long total(RoutingTable table) {
        if (!fresh || seen != table) {
            look(table);
        }
        return atFirst + decisions - decisionsAtFirst + 1;
    }

    private void turnOver() {
        fresh = false;
    }

    private void look(RoutingTable table) {
        decisionsAtFirst = decisions;
        atFirst = table.inFlight();
        seen = table;
        if (!fresh) {
            fresh = true;
            endOfTurn.execute(turnOver);
        }
    }
}
