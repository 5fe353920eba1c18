package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine, spoken to through a {@link DockerAgent}: a connection a request. */
final class AgentEngine implements Engine {
    /** Above what the agent waits for the engine. */
    private static final Duration SHORT = Duration.ofSeconds(12);
    /** A creation may be three changes and a look. */
    private static final Duration LONG = Duration.ofSeconds(105);

    private final Path socket;
    private final String pool;
    private final Deadlines deadlines = new Deadlines();
    private @Nullable SocketChannel stream;

    AgentEngine(Path socket, String pool) {
        this.socket = socket;
        this.pool = pool;
    }

    /** The agent has made sure of image and network; this one makes sure of the agent. */
    @Override
    public void check() throws ProviderException {
        list();
    }

    @Override
    public void ping() throws ProviderException {
        list();
    }

    @Override
    public List<Container> list() throws ProviderException {
        List<Container> containers = new ArrayList<>();
        for (JsonNode container : call(verb("list"), SHORT).path("containers")) {
            containers.add(container(container));
        }
        return containers;
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws ProviderException {
        JsonNode answer = call(verb("inspect").put("container", idOrName).put("tail", false), SHORT);
        return answer.has("container") ? Optional.of(container(answer.get("container"))) : Optional.empty();
    }

    @Override
    public String lastOutput(String id) throws ProviderException {
        JsonNode answer = call(verb("inspect").put("container", id).put("tail", true), SHORT);
        return answer.path("tail").asText();
    }

    @Override
    public String create(ReplicaSpec spec) throws ProviderException {
        ObjectNode request = verb("create")
                .put("name", spec.name())
                .put("slot", spec.slot())
                .put("operation", spec.id().value());
        return call(request, LONG).path("id").asText();
    }

    @Override
    public boolean claim(String owner) throws ProviderException {
        return call(verb("create").put("owner", owner), LONG).path("claimed").asBoolean();
    }

    @Override
    public String ownerName() {
        return DockerEngine.ownerName(pool);
    }

    @Override
    public void start(String id) throws ProviderException {
        call(verb("start").put("id", id), LONG);
    }

    @Override
    public void stop(String id, Duration grace) throws ProviderException {
        call(verb("stop").put("id", id).put("grace", grace.toMillis()), grace.plus(LONG));
    }

    @Override
    public void remove(String id) throws ProviderException {
        call(verb("remove").put("id", id), LONG);
    }

    @Override
    public void events(Runnable opened, Consumer<EngineEvent> listener) throws ProviderException {
        try (SocketChannel channel = Deadlines.connect(socket)) {
            synchronized (this) {
                stream = channel;
            }
            DockerAgent.send(channel, verb("events"));
            BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode message = checked(DockerAgent.JSON.readTree(line));
                if (message.has("opened")) {
                    opened.run();
                } else {
                    listener.accept(DockerAgent.JSON.treeToValue(message, EngineEvent.class));
                }
            }
        } catch (IOException | RuntimeException ended) {
            throw unavailable("its events ended: " + ended);
        }
        throw unavailable("its events ended");
    }

    @Override
    public synchronized void breakEvents() {
        if (stream != null) {
            Deadlines.close(stream);
        }
    }

    private static ObjectNode verb(String verb) {
        return DockerAgent.JSON.createObjectNode().put("verb", verb);
    }

    private Container container(JsonNode json) throws ProviderException {
        try {
            return DockerAgent.JSON.treeToValue(json, Container.class);
        } catch (IOException other) {
            throw unavailable("it speaks otherwise: " + other);
        }
    }

    private JsonNode call(ObjectNode request, Duration limit) throws ProviderException {
        try (SocketChannel channel = Deadlines.connect(socket)) {
            return checked(deadlines.within(limit, channel, () -> {
                DockerAgent.send(channel, request);
                return DockerAgent.JSON.readTree(Channels.newReader(channel, StandardCharsets.UTF_8));
            }));
        } catch (IOException | RuntimeException failed) {
            throw unavailable(request.path("verb").asText() + ": " + failed);
        }
    }

    private JsonNode checked(JsonNode answer) throws ProviderException {
        if (!answer.isObject()) {
            throw unavailable("its answer broke off");
        }
        if (!answer.has("error")) {
            return answer;
        }
        String error = answer.path("error").asText();
        switch (answer.path("kind").asText()) {
            case "NAME_TAKEN" -> throw new ProviderException(Kind.NAME_TAKEN, error, null);
            case "UNAVAILABLE" -> throw new ProviderException(Kind.UNAVAILABLE, error, null);
            case "REFUSED" -> throw new ProviderException("the docker agent refused: " + error);
            default -> throw new ProviderException(error);
        }
    }

    private ProviderException unavailable(String why) {
        return new ProviderException(
                Kind.UNAVAILABLE, "the docker agent at " + socket + " does not answer (" + why + ")", null);
    }

    @Override
    public void close() {
        breakEvents();
        deadlines.close();
    }
}
