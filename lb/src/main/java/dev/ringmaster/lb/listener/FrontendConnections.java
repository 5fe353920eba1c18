package dev.ringmaster.lb.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The open connections of one event loop: a list in which each knows its place, so that 10,000 idle ones cost a reference
 * and a number each, and a new one no search. Event loop only.
 */
final class FrontendConnections {
    private final List<FrontendConnection> all = new ArrayList<>();

    void add(FrontendConnection connection) {
        connection.place = all.size();
        all.add(connection);
    }

    /** Removes a connection if it is there; the last one takes its place. */
    boolean remove(FrontendConnection connection) {
        int place = connection.place;
        if (place < 0) {
            return false;
        }
        connection.place = FrontendConnection.NOWHERE;
        FrontendConnection last = all.removeLast();
        if (last != connection) {
            all.set(place, last);
            last.place = place;
        }
        return true;
    }

    int size() {
        return all.size();
    }

    /**
     * Visits each connection. A visit may remove any of them, and add some that are not visited; from the end down, as then
     * the one that takes a removed one's place has had its visit or has it still.
     */
    void each(Consumer<FrontendConnection> visit) {
        for (int place = all.size() - 1; place >= 0; place--) {
            if (place < all.size()) {
                visit.accept(all.get(place));
            }
        }
    }
}
