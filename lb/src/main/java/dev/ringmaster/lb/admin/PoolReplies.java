package dev.ringmaster.lb.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The pool as replies tell it. */
final class PoolReplies {
    private static final JsonFactory JSON = new JsonFactory();

    private PoolReplies() {}

    /** {@code {"message":{"N":3,"replicas":["S1","S2","S3"]},"status":"successful"}}, to the byte. */
    static Reply names(ReplicaSet pool) {
        return success(json -> {
            json.writeStartObject();
            writeNames(json, pool);
            json.writeEndObject();
        });
    }

    /** The same, and beside it how every slot is. */
    static Reply report(ReplicaSet pool) {
        return success(json -> {
            json.writeStartObject();
            writeNames(json, pool);
            json.writeArrayFieldStart("slots");
            for (Slot slot : pool.slots()) {
                write(json, slot);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void writeNames(JsonGenerator json, ReplicaSet pool) throws IOException {
        json.writeNumberField("N", pool.target());
        json.writeArrayFieldStart("replicas");
        for (String name : pool.names()) {
            json.writeString(name);
        }
        json.writeEndArray();
    }

    /** A slot and its state; of an ejected one also why it is, and for how many milliseconds it still will be. */
    private static void write(JsonGenerator json, Slot slot) throws IOException {
        json.writeStartObject();
        json.writeNumberField("slot", slot.index());
        json.writeStringField("replica", slot.name());
        json.writeStringField("state", state(slot));
        Ejection ejection = slot.ejection();
        if (ejection != null) {
            long remaining = TimeUnit.NANOSECONDS.toMillis(ejection.until() - System.nanoTime());
            json.writeStringField("reason", ejection.reason().label());
            json.writeNumberField("remainingMs", Math.max(0, remaining));
        }
        json.writeEndObject();
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

    /** Whether requests can be served, which slots do not, and which get only that part of their share yet. */
    static Reply readiness(ReplicaSet pool, Map<Integer, Double> ramping) {
        List<Slot> degraded = pool.slots().stream()
                .filter(slot -> slot.state() != ReplicaState.UP)
                .toList();
        int serving = pool.target() - degraded.size();
        return serving > 0 ? ready(pool, serving, degraded, ramping) : notReady(degraded);
    }

    private static Reply ready(ReplicaSet pool, int serving, List<Slot> degraded, Map<Integer, Double> ramping) {
        return success(json -> {
            json.writeStartObject();
            json.writeNumberField("N", pool.target());
            json.writeNumberField("serving", serving);
            json.writeArrayFieldStart("degraded");
            for (Slot slot : degraded) {
                write(json, slot);
            }
            json.writeEndArray();
            if (!ramping.isEmpty()) {
                json.writeObjectFieldStart("ramping");
                for (Map.Entry<Integer, Double> slot : ramping.entrySet()) {
                    json.writeStringField(String.valueOf(slot.getKey()), percent(slot.getValue()));
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    /** As in {@code 40 %}. */
    static String percent(double part) {
        return Math.round(100 * part) + " %";
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
