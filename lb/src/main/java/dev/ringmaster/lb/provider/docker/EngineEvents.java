package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine's stream of events. Filtered by what happened, not by label: a filter on labels would drop the events of
 * networks.
 */
final class EngineEvents {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ACTIONS = List.of(
            "die", "kill", "pause", "unpause", "oom", "start", "destroy", "health_status", "disconnect", "connect");

    private final EngineSocket socket;
    private @Nullable SocketChannel stream;

    EngineEvents(EngineSocket socket) {
        this.socket = socket;
    }

    /** Tells of events until the stream ends. */
    void follow(Runnable opened, Consumer<EngineEvent> listener) throws ProviderException {
        try (SocketChannel channel = socket.open()) {
            synchronized (this) {
                stream = channel;
            }
            socket.stream(channel, target(), new Lines(opened, listener));
        } catch (IOException | RuntimeException ended) {
            throw new ProviderException(Kind.UNAVAILABLE, "the Docker engine's events ended: " + ended, ended);
        }
        throw new ProviderException(Kind.UNAVAILABLE, "the Docker engine's events ended", null);
    }

    private static String target() {
        ObjectNode filters = JsonNodeFactory.instance.objectNode();
        filters.putArray("type").add("container").add("network");
        ArrayNode actions = filters.putArray("event");
        ACTIONS.forEach(actions::add);
        return "/events?filters=" + URLEncoder.encode(filters.toString(), StandardCharsets.UTF_8);
    }

    synchronized void breakOff() {
        if (stream != null) {
            Deadlines.close(stream);
        }
    }

    /** An event a line, however the pieces are cut. */
    private static final class Lines implements EngineSocket.Reader {
        private final Runnable opened;
        private final Consumer<EngineEvent> listener;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(Runnable opened, Consumer<EngineEvent> listener) {
            this.opened = opened;
            this.listener = listener;
        }

        @Override
        public boolean begin(int status) {
            boolean stands = status == 200;
            if (stands) {
                opened.run();
            }
            return stands;
        }

        @Override
        public void piece(byte[] bytes) {
            for (byte b : bytes) {
                if (b == '\n') {
                    tell(line.toByteArray());
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        }

        private void tell(byte[] text) {
            try {
                JsonNode event = JSON.readTree(text);
                JsonNode actor = event.path("Actor");
                Map<String, String> attributes = new HashMap<>();
                actor.path("Attributes")
                        .properties()
                        .forEach(attribute -> attributes.put(
                                attribute.getKey(), attribute.getValue().asText()));
                boolean network = event.path("Type").asText().equals("network");
                listener.accept(new EngineEvent(
                        (network ? "network " : "") + event.path("Action").asText(),
                        network
                                ? attributes.getOrDefault("container", "")
                                : actor.path("ID").asText(),
                        attributes));
            } catch (IOException half) {
                throw new IllegalStateException("an event is no JSON", half);
            }
        }
    }
}
