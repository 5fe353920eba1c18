package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.http.RequestReader;
import java.util.ArrayDeque;

/**
 * The request readers of one event loop. A reader with its arrays is most of what a connection needs while it works, so
 * that one without a request has none; the one that was used last is taken first, as it is in the processor's cache. Event
 * loop only.
 */
final class RequestReaders {
    /** What a connection has that needs no reader: idle for ever. */
    static final RequestReader NONE = new RequestReader(0);

    /** As many as are in use at once by a busy loop; more are left to the collector. */
    private static final int MOST_FREE = 256;

    private final long maxBody;
    private final ArrayDeque<RequestReader> free = new ArrayDeque<>();

    /** @param maxBody largest body of a request in bytes; 0 means no bound */
    RequestReaders(long maxBody) {
        this.maxBody = maxBody;
    }

    /** A reader that has read nothing. */
    RequestReader take() {
        RequestReader last = free.pollLast();
        return last == null ? new RequestReader(maxBody) : last;
    }

    /** Takes back a reader whose request has ended; nobody may look at that request any more. */
    void free(RequestReader reader) {
        reader.next();
        if (free.size() < MOST_FREE) {
            free.addLast(reader);
        }
    }
}
