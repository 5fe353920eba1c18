package dev.ringmaster.lb.cli.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One load from its first request to its last outcome. It hands requests to seats as they are due; with a rate, a
 * request that finds no free seat waits for one while its clock already runs, so that a slow answer is not hidden by
 * the requests that it held up. Confined to its event loop, except where said.
 */
final class LoadRun {
    private static final long SWEEPS_A_TIMEOUT = 20;

    private final LoadOptions options;
    private final EventLoop loop;
    private final Promise<LoadReport> done;
    private final Schedule schedule;
    private final LoadRecorder recorder;
    private final List<LoadSeat> seats = new ArrayList<>();
    private final Deque<LoadSeat> free = new ArrayDeque<>();
    private boolean timerArmed;

    LoadRun(LoadOptions options, EventLoop loop, LoadObserver observer) {
        this.options = options;
        this.loop = loop;
        this.done = loop.newPromise();
        this.schedule = new Schedule(options.rate(), options.requests());
        this.recorder = new LoadRecorder(observer);
    }

    void begin(Bootstrap dialler) {
        for (int i = 0; i < Math.min(options.connections(), options.requests()); i++) {
            seats.add(new LoadSeat(this, options, dialler));
        }
        seats.forEach(seat -> seat.prepare(() -> prepared(seat)));
    }

    /** Starts the clock when every seat has been dialled, so that the first answers are not timed with the program's start. */
    private void prepared(LoadSeat seat) {
        free.addLast(seat);
        if (free.size() < seats.size()) {
            return;
        }
        long now = System.nanoTime();
        schedule.begin(now);
        recorder.begin(now);
        long period = Math.max(1, options.timeout().toNanos() / SWEEPS_A_TIMEOUT);
        var sweep = loop.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.NANOSECONDS);
        var _ = done.addListener(_ -> sweep.cancel(false));
        dispatch();
    }

    /** Ends the load now; what is in flight has no outcome. */
    void interrupt() {
        finish(true);
    }

    /** Completes with the last outcome; any thread. */
    Future<LoadReport> done() {
        return done;
    }

    /** How many requests have an outcome; any thread. */
    long outcomes() {
        return recorder.outcomes();
    }

    LoadRecorder recorder() {
        return recorder;
    }

    /** Takes back a seat whose request has its outcome. */
    void release(LoadSeat seat) {
        free.addLast(seat);
        if (schedule.exhausted() && free.size() == seats.size()) {
            finish(false);
        } else {
            dispatch();
        }
    }

    private void dispatch() {
        long now = System.nanoTime();
        while (!free.isEmpty() && schedule.isDue(now) && !done.isDone()) {
            free.removeFirst().send(schedule.take(now), now);
        }
        if (!free.isEmpty() && !schedule.exhausted() && !timerArmed) {
            timerArmed = true;
            var _ = loop.schedule(this::wake, schedule.next(now) - now, TimeUnit.NANOSECONDS);
        }
    }

    private void wake() {
        timerArmed = false;
        dispatch();
    }

    private void sweep() {
        long now = System.nanoTime();
        seats.forEach(seat -> seat.expire(now));
    }

    private void finish(boolean interrupted) {
        if (done.trySuccess(recorder.report(interrupted))) {
            seats.forEach(LoadSeat::close);
        }
    }
}
