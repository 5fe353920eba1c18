package dev.ringmaster.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Waits for the end of an input and then runs one action, so that a process can die with whoever holds the other end: a
 * pipe of its owner, or a FIFO whose writers all vanish. What is written there means nothing. Interrupting the thread
 * ends the watch without the action.
 */
final class StdinWatch extends Thread {
    private static final long NON_BLOCKING_POLL_MILLIS = 100;

    private final ReadableByteChannel input;
    private final Runnable whenEnded;

    StdinWatch(ReadableByteChannel input, Runnable whenEnded) {
        super("stdin-watch");
        setDaemon(true);
        this.input = input;
        this.whenEnded = whenEnded;
    }

    @Override
    public void run() {
        try {
            awaitEnd();
        } catch (IOException _) {
            // an input that cannot be read has ended, too
        } catch (InterruptedException _) {
            return;
        }
        if (!isInterrupted()) {
            whenEnded.run();
        }
    }

    private void awaitEnd() throws IOException, InterruptedException {
        ByteBuffer ignored = ByteBuffer.allocate(256);
        for (int read = input.read(ignored); read >= 0; read = input.read(ignored.clear())) {
            if (read == 0) {
                // whoever shares this input with us has made it non-blocking
                Thread.sleep(NON_BLOCKING_POLL_MILLIS);
            }
        }
    }
}
