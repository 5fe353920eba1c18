package dev.ringmaster.it.framing;

import dev.ringmaster.it.framing.RecordingOrigin.Heard;
import dev.ringmaster.it.framing.StrictReader.Reading;
import dev.ringmaster.it.framing.StrictRequest.Field;
import dev.ringmaster.it.framing.StrictRequest.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides whether an origin heard anything that no client said. What a client said is what a strict reading of its bytes
 * says; each request may be heard once, whole or cut short, and every byte must be part of one. A request may still be
 * heard in the round after the one in which it was said.
 */
final class Oracle {
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "host", "connection");

    private Round before = new Round();
    private Round now = new Round();

    /** What clients said: whole requests with how often they are still to be heard, and others. */
    private static final class Round {
        private final Map<Identity, Integer> said = new HashMap<>();
        private final List<Identity> begun = new ArrayList<>();

        boolean take(Identity heard) {
            Integer left = said.computeIfPresent(heard, (same, count) -> count - 1);
            return left != null && left >= 0;
        }

        Stream<Identity> all() {
            return Stream.concat(said.keySet().stream(), begun.stream());
        }
    }

    /** A strict reading of bytes that a client sends. */
    static Reading reading(String payload) {
        var in = new ByteArrayInputStream(payload.getBytes(StandardCharsets.ISO_8859_1));
        try {
            return new StrictReader(in, request -> {}).read();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** A client says this. */
    Reading say(String payload) {
        Reading reading = reading(payload);
        reading.complete().forEach(request -> now.said.merge(request.identity(), 1, Integer::sum));
        reading.begun().ifPresent(request -> now.begun.add(request.identity()));
        return reading;
    }

    /** The next round begins. */
    void turn() {
        before = now;
        now = new Round();
    }

    /** What was heard and not said, or not in this form; empty if all is well. */
    List<String> violations(Heard heard) {
        List<String> found = new ArrayList<>();
        heard.faults().forEach(fault -> found.add("malformed: " + fault));
        for (StrictRequest request : heard.complete()) {
            if (!now.take(request.identity()) && !before.take(request.identity())) {
                found.add("never said: " + request);
            }
        }
        for (StrictRequest request : heard.begun()) {
            boolean known = Stream.concat(now.all(), before.all()).anyMatch(request::begins);
            if (!known && !request.method().isEmpty()) {
                found.add("never begun: " + request);
            }
        }
        Stream.concat(heard.complete().stream(), heard.begun().stream()).forEach(request -> forms(request, found));
        return found;
    }

    /** Fields that some server may take for framing although they are none. */
    private static void forms(StrictRequest request, List<String> found) {
        for (Field field : request.fields()) {
            String plain = field.name().toLowerCase(Locale.ROOT).replace('_', '-');
            boolean lookAlike = field.name().contains("_") && FRAMING.contains(plain);
            boolean upgrade = plain.equals("http2-settings")
                    || (plain.equals("upgrade") && !field.value().equals("websocket"));
            if (lookAlike || upgrade) {
                found.add("passed on: " + field);
            }
        }
    }
}
