package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Requests in flight as one event loop sees them: its own exactly, the others' in total as of the first decision of this
 * turn of the loop, so that deciding costs no more reads of other loops' memory than one replica has cells. Only on that
 * loop.
 */
final class LoopLoad {
    private final int loop;
    private final Executor endOfTurn;
    private final Runnable turnOver;
    private boolean fresh;
    private @Nullable RoutingTable seen;
    private long others;

    /** @param endOfTurn runs a task once event loop number {@code loop} has done what is at hand */
    LoopLoad(int loop, Executor endOfTurn) {
        this.loop = loop;
        this.endOfTurn = endOfTurn;
        this.turnOver = this::turnOver;
    }

    /** For one who is no event loop: everything is the others'. */
    static LoopLoad ofNoLoop() {
        return new LoopLoad(-1, Runnable::run);
    }

    /** Requests in flight to all replicas that serve in this table. */
    @SuppressWarnings("ReferenceEquality") // a table is published once
    long total(RoutingTable table) {
        long own = own(table.serving());
        if (!fresh || seen != table) {
            look(table, own);
        }
        return others + own;
    }

    private void turnOver() {
        fresh = false;
    }

    private long own(List<Replica> replicas) {
        long own = 0;
        for (int i = 0; i < replicas.size(); i++) {
            own += replicas.get(i).inFlight().own(loop);
        }
        return own;
    }

    private void look(RoutingTable table, long own) {
        long all = 0;
        for (Replica replica : table.serving()) {
            all += replica.inFlight().sum();
        }
        others = all - own;
        seen = table;
        if (!fresh) {
            fresh = true;
            endOfTurn.execute(turnOver);
        }
    }
}
