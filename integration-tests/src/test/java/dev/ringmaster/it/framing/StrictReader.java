package dev.ringmaster.it.framing;

import dev.ringmaster.it.framing.StrictRequest.Field;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the requests of one connection by RFC 9112 without any of the leniency that it allows. It shares no line with the
 * balancer, so that a mistake of the one is not the other's too.
 */
final class StrictReader {
    /** Hears of each request as it is complete. */
    @FunctionalInterface
    interface Listener {
        void request(StrictRequest request) throws IOException;
    }

    /**
     * All that a connection said.
     *
     * @param complete its whole requests
     * @param begun the head, and what there is of the body, of the request that was not completed
     * @param fault what was wrong with it, after which nothing counts
     */
    record Reading(List<StrictRequest> complete, Optional<StrictRequest> begun, Optional<String> fault) {}

    private final InputStream in;
    private final Listener listener;
    private final List<StrictRequest> complete = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private Optional<StrictRequest> begun = Optional.empty();
    private boolean last;

    StrictReader(InputStream in, Listener listener) {
        this.in = in;
        this.listener = listener;
    }

    /** Reads to the connection's end, its last request or its first fault. */
    Reading read() throws IOException {
        String fault = null;
        try {
            while (!last && request()) {
                listener.request(complete.getLast());
            }
        } catch (Violation violation) {
            fault = violation.getMessage();
        } catch (EOFException early) {
            begun = begun.map(head -> withBody(head, body.toString()));
        }
        return new Reading(List.copyOf(complete), begun, Optional.ofNullable(fault));
    }

    /** Whether the reader stands between two requests. */
    boolean idle() {
        return begun.isEmpty();
    }

    private boolean request() throws IOException {
        begun = Optional.empty();
        body.setLength(0);
        int first = in.read();
        if (first < 0) {
            return false;
        }
        begun = Optional.of(new StrictRequest("", "", List.of(), ""));
        String line = new Lines(in).line(first);
        List<Field> fields = new Lines(in).section();
        StrictHead head = StrictHead.of(line, fields);
        StrictRequest request = new StrictRequest(head.method(), head.target(), fields, "");
        begun = Optional.of(request);
        try {
            readBody(head);
        } catch (Violation violation) {
            begun = Optional.of(withBody(request, body.toString()));
            throw violation;
        }
        complete.add(withBody(request, body.toString()));
        begun = Optional.empty();
        last = head.last();
        return true;
    }

    private static StrictRequest withBody(StrictRequest head, String body) {
        return new StrictRequest(head.method(), head.target(), head.fields(), body);
    }

    private void readBody(StrictHead head) throws IOException {
        if (!head.chunked()) {
            data(head.length());
            return;
        }
        Lines lines = new Lines(in);
        for (long size = lines.chunkSize(); size > 0; size = lines.chunkSize()) {
            data(size);
            lines.empty();
        }
        lines.section();
    }

    private void data(long size) throws IOException {
        for (long i = 0; i < size; i++) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            body.append((char) b);
        }
    }
}
