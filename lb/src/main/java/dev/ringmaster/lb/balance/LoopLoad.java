package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Requests in flight as one event loop sees them: all that there were at the first decision of this turn of the loop, and
 * one for each decision since. So a turn of many decisions reads the other loops' memory once. Only on that loop.
 */
final class LoopLoad {
    private final Executor endOfTurn;
    private final Runnable turnOver;
    private boolean fresh;
    private @Nullable RoutingTable seen;
    private long atFirst;
    private long since;

    /** @param endOfTurn runs a task once the event loop has done what is at hand */
    LoopLoad(Executor endOfTurn) {
        this.endOfTurn = endOfTurn;
        this.turnOver = this::turnOver;
    }

    /** For one who is no event loop and looks anew each time. */
    static LoopLoad ofNoLoop() {
        return new LoopLoad(Runnable::run);
    }

    /** Requests in flight to all replicas that serve in this table; another one is about to be sent. */
    @SuppressWarnings("ReferenceEquality") // a table is published once
    long total(RoutingTable table) {
        if (!fresh || seen != table) {
            look(table);
        }
        return atFirst + since++;
    }

    private void turnOver() {
        fresh = false;
    }

    private void look(RoutingTable table) {
        atFirst = 0;
        since = 0;
        for (Replica replica : table.serving()) {
            atFirst += replica.inFlight().sum();
        }
        seen = table;
        if (!fresh) {
            fresh = true;
            endOfTurn.execute(turnOver);
        }
    }
}
