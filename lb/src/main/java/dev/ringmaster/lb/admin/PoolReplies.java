package dev.ringmaster.lb.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The pool as replies tell it. */
final class PoolReplies {
    private static final JsonFactory JSON = new JsonFactory();

    private PoolReplies() {}

    /** {@code {"message":{"N":3,"replicas":["S1","S2","S3"]},"status":"successful"}}, to the byte. */
    static Reply names(ReplicaSet pool) {
        return success(json -> {
            json.writeStartObject();
            json.writeNumberField("N", pool.target());
            json.writeArrayFieldStart("replicas");
            for (String name : pool.names()) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** The weight of every slot by its host name. */
    static Reply weights(ReplicaSet pool) {
        return success(json -> {
            json.writeStartObject();
            for (Slot slot : pool.slots()) {
                json.writeNumberField(slot.name(), slot.weight());
            }
            json.writeEndObject();
        });
    }

    static Reply alive() {
        return success(json -> json.writeString("alive"));
    }

    /** Whether requests can be served, and which slots do not. */
    static Reply readiness(ReplicaSet pool) {
        List<Slot> degraded = pool.slots().stream()
                .filter(slot -> slot.state() != ReplicaState.UP)
                .toList();
        int serving = pool.target() - degraded.size();
        return serving > 0 ? ready(pool, serving, degraded) : notReady(degraded);
    }

    private static Reply ready(ReplicaSet pool, int serving, List<Slot> degraded) {
        return success(json -> {
            json.writeStartObject();
            json.writeNumberField("N", pool.target());
            json.writeNumberField("serving", serving);
            json.writeArrayFieldStart("degraded");
            for (Slot slot : degraded) {
                json.writeStartObject();
                json.writeNumberField("slot", slot.index());
                json.writeStringField("replica", slot.name());
                json.writeStringField("state", state(slot));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Reply notReady(List<Slot> degraded) {
        String slots = degraded.stream()
                .map(slot -> slot.index() + " (" + slot.name() + ", " + state(slot) + ")")
                .collect(Collectors.joining(", "));
        return Reply.error(503, "No server replicas available" + (slots.isEmpty() ? "" : "; degraded slots: " + slots))
                .with("Retry-After", "1");
    }

    private static String state(Slot slot) {
        return slot.state().name().toLowerCase(Locale.ROOT);
    }

    /** Writes the value of {@code message}. */
    interface Message {
        void write(JsonGenerator json) throws IOException;
    }

    static Reply success(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName("message");
            message.write(json);
            json.writeStringField("status", "successful");
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Reply.json(200, bytes.toByteArray());
    }
}
