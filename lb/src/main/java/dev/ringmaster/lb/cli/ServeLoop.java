package dev.ringmaster.lb.cli;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the main thread does while the balancer serves: it takes wishes from a queue, one after another, so that a reload
 * never meets a stop, and a wish that comes during start-up is kept. Any thread may put wishes.
 */
final class ServeLoop {
    private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Runnable abort;

    /** @param abort ends the process at once: the answer to a second wish to stop, while the first is worked on */
    ServeLoop(Runnable abort) {
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
        if (stopping.getAndSet(true)) {
            abort.run();
        } else {
            wishes.add(Wish.STOP);
        }
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
