package dev.ringmaster.lb.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the main thread does while the balancer serves: it takes wishes from a queue, one after another, so that a reload
 * never meets a stop, and a wish that comes during start-up is kept. Any thread may put wishes.
 */
final class ServeLoop {
    /** {@code make} passes on a signal that the whole process group got: two in a moment are one wish. */
    private static final Duration SAME_WISH = Duration.ofSeconds(1);

    private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Instant> stopWished = new AtomicReference<>();
    private final InstantSource clock;
    private final Runnable abort;

    /** @param abort ends the process at once: the answer to a second wish to stop, while the first is worked on */
    ServeLoop(InstantSource clock, Runnable abort) {
        this.clock = clock;
        this.abort = abort;
    }

    private enum Wish {
        RELOAD,
        STOP,
        ENDED
    }

    void wishReload() {
        wishes.add(Wish.RELOAD);
    }

    void wishStop() {
        Instant now = clock.instant();
        Instant first = stopWished.compareAndExchange(null, now);
        if (first == null) {
            wishes.add(Wish.STOP);
        } else if (now.isAfter(first.plus(SAME_WISH))) {
            abort.run();
        }
    }

    /** Whether it is to stop by somebody's wish. */
    boolean stopWished() {
        return stopWished.get() != null;
    }

    /** Has it stop because another balancer serves in its place; a first wish to stop then asks for no more. */
    void handedOver() {
        wishes.add(Wish.STOP);
    }

    /** Says that the balancer has stopped, asked or not. */
    void ended() {
        wishes.add(Wish.ENDED);
    }

    /**
     * Blocks until a wish to stop was fulfilled.
     *
     * @throws CommandFailure if the balancer has stopped unasked
     */
    void run(Runnable reload, Runnable stop) throws InterruptedException {
        while (true) {
            switch (wishes.take()) {
                case RELOAD -> reload.run();
                case STOP -> {
                    stop.run();
                    return;
                }
                case ENDED -> throw CommandFailure.failed("the balancer stopped unasked; its log says why");
            }
        }
    }
}
