package dev.ringmaster.server;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The open connections and the number of requests in flight, which is what a drain waits for. Confined to the event
 * loop: every method is called there only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes and closes through the channel
final class Connections {
    private final Map<HelloHandler, Channel> open = new HashMap<>();
    private int inFlight;
    private boolean draining;
    private @Nullable Runnable whenIdle;

    void opened(HelloHandler connection, Channel channel) {
        open.put(connection, channel);
    }

    void closed(HelloHandler connection) {
        open.remove(connection);
    }

    /** A request's head was read. */
    void requestBegan() {
        inFlight++;
    }

    /** A request's answer was written out and, if it was the last one, its connection is gone; or that is gone anyway. */
    void requestEnded() {
        inFlight--;
        assert inFlight >= 0 : "a request ended twice";
        reportIdle();
    }

    /** From now on every answer is the last one of its connection. */
    void startDraining() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Closes the connections that wait for a request, and runs the action when no request is in flight. */
    void finish(Runnable action) {
        for (Map.Entry<HelloHandler, Channel> entry : new ArrayList<>(open.entrySet())) {
            if (entry.getKey().isIdle()) {
                entry.getValue().close();
            }
        }
        whenIdle = action;
        reportIdle();
    }

    private void reportIdle() {
        if (whenIdle != null && inFlight == 0) {
            whenIdle.run();
        }
    }
}
