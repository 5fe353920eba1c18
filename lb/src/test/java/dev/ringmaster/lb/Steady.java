package dev.ringmaster.lb;

import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/** True once a number has not changed for some polls in a row. */
final class Steady implements Callable<Boolean> {
    private static final int POLLS = 5;

    private final LongSupplier number;
    private long last;
    private int same;

    Steady(LongSupplier number) {
        this.number = number;
        this.last = number.getAsLong();
    }

    @Override
    public Boolean call() {
        long now = number.getAsLong();
        same = now == last ? same + 1 : 0;
        last = now;
        return same >= POLLS;
    }
}
