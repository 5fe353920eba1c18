package dev.ringmaster.lb;

import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.lifecycle.ControlThread;
import java.time.Duration;

/** Has the routing tables follow what passes, twice a second on the control thread: hot keys, and slots that are new. */
final class Upkeep {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final ControlThread control;
    private final RoutingTables tables;

    private Upkeep(ControlThread control, RoutingTables tables) {
        this.control = control;
        this.tables = tables;
    }

    /** Goes on until the control thread ends. */
    static void start(ControlThread control, RoutingTables tables) {
        control.execute(new Upkeep(control, tables)::tick);
    }

    private void tick() {
        control.schedule(EVERY, this::tick);
        tables.tick(control.nanos(), control::execute);
    }
}
