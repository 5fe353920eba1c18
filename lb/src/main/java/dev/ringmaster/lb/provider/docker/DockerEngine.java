package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.docker.EngineSocket.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine, spoken to directly. Paths carry no version, so that each engine speaks its own; 1.41 is enough. */
final class DockerEngine implements Engine {
    private static final Duration LOOK = Duration.ofSeconds(10);
    /** A slow disk is no reason to give a container up that is about to come: as long as a replica may take to start. */
    private static final Duration CHANGE = Duration.ofSeconds(30);

    private static final int TAIL = 20;
    /** A frame of the log: one byte for the stream, three of padding, four for the length. */
    private static final int FRAME_HEADER = 8;

    private final DockerOptions options;
    private final String pool;
    private final Template template;
    private final EngineSocket socket;
    private final EngineEvents events;

    DockerEngine(DockerOptions options, String pool) {
        this.options = options;
        this.pool = pool;
        this.template = new Template(options, pool);
        this.socket = new EngineSocket(options.socket());
        this.events = new EngineEvents(socket);
    }

    @Override
    public void check() throws ProviderException {
        require("/images/" + encoded(options.image()) + "/json", "provider-docker.image", options.image(), "image");
        require("/networks/" + encoded(options.network()), "provider-docker.network", options.network(), "network");
    }

    private void require(String path, String key, String name, String kind) throws ProviderException {
        Answer answer = call("GET", path, null);
        if (answer.status() == 404) {
            throw new ProviderException(key + ": the engine has no " + kind + " '" + name + "'");
        }
        expect(answer, 200);
    }

    @Override
    public void ping() throws ProviderException {
        if (call("GET", "/_ping", null).status() != 200) {
            throw new ProviderException(Kind.UNAVAILABLE, "the Docker engine is not well", null);
        }
    }

    @Override
    public List<Container> list() throws ProviderException {
        ObjectNode filters = JsonNodeFactory.instance.objectNode();
        filters.putArray("label").add(Labels.POOL + "=" + pool);
        Answer answer = call("GET", "/containers/json?all=1&filters=" + encoded(filters.toString()), null);
        expect(answer, 200);
        List<Container> containers = new ArrayList<>();
        for (JsonNode item : answer.json()) {
            boolean running =
                    Set.of("running", "paused").contains(item.path("State").asText());
            containers.add(new Container(
                    item.path("Id").asText(),
                    item.path("Names").path(0).asText().replaceFirst("^/", ""),
                    labels(item.path("Labels")),
                    running,
                    0,
                    false,
                    "",
                    address(item)));
        }
        return containers;
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws ProviderException {
        Answer answer = call("GET", "/containers/" + encoded(idOrName) + "/json", null);
        if (answer.status() == 404) {
            return Optional.empty();
        }
        expect(answer, 200);
        JsonNode json = answer.json();
        JsonNode state = json.path("State");
        return Optional.of(new Container(
                json.path("Id").asText(),
                json.path("Name").asText().replaceFirst("^/", ""),
                labels(json.path("Config").path("Labels")),
                state.path("Running").asBoolean(),
                state.path("ExitCode").asInt(),
                state.path("OOMKilled").asBoolean(),
                json.path("Config").path("StopSignal").asText(),
                address(json)));
    }

    private String address(JsonNode container) {
        return container
                .path("NetworkSettings")
                .path("Networks")
                .path(options.network())
                .path("IPAddress")
                .asText();
    }

    private static Map<String, String> labels(JsonNode json) {
        Map<String, String> labels = new HashMap<>();
        json.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    @Override
    public String lastOutput(String id) throws ProviderException {
        Answer answer = call("GET", "/containers/" + id + "/logs?stdout=1&stderr=1&tail=" + TAIL, null);
        if (answer.status() != 200) {
            return "";
        }
        byte[] frames = answer.body();
        StringBuilder text = new StringBuilder();
        for (int at = 0; at + FRAME_HEADER <= frames.length; ) {
            int length = (frames[at + 4] & 0xff) << 24
                    | (frames[at + 5] & 0xff) << 16
                    | (frames[at + 6] & 0xff) << 8
                    | (frames[at + 7] & 0xff);
            int from = at + FRAME_HEADER;
            int to = (int) Math.min(frames.length, (long) from + Math.max(0, length));
            text.append(new String(frames, from, to - from, StandardCharsets.UTF_8));
            at = to;
        }
        return String.join(" | ", text.toString().strip().lines().toList());
    }

    @Override
    public String create(ReplicaSpec spec) throws ProviderException {
        Answer answer = create(spec.name(), template.replica(spec));
        if (answer.status() == 409 && moveAside(spec)) {
            answer = create(spec.name(), template.replica(spec));
        }
        if (answer.status() == 409) {
            throw new ProviderException(Kind.NAME_TAKEN, answer.message(), null);
        }
        expect(answer, 201);
        return answer.json().path("Id").asText();
    }

    /**
     * Frees a name whose container is this pool's and on its way out: the balancer gives a removed name away before its
     * replica has ended.
     */
    private boolean moveAside(ReplicaSpec spec) throws ProviderException {
        Optional<Container> holder = inspect(spec.name());
        if (holder.isEmpty()) {
            return true;
        }
        String operation = holder.get().label(Labels.OPERATION);
        boolean ours = holder.get().label(Labels.POOL).equals(pool)
                && !operation.isEmpty()
                && !operation.equals(spec.id().toString());
        if (ours) {
            String path = "/containers/" + holder.get().id() + "/rename?name=leaving-" + encoded(operation);
            expect(call("POST", path, null), 204, 404);
        }
        return ours;
    }

    @Override
    public boolean claim(String owner) throws ProviderException {
        Answer answer = create(ownerName(), template.owner(owner));
        if (answer.status() != 409) {
            expect(answer, 201);
        }
        return answer.status() == 201;
    }

    private Answer create(String name, ObjectNode body) throws ProviderException {
        return call("POST", "/containers/create?name=" + encoded(name), body);
    }

    @Override
    public String ownerName() {
        return ownerName(pool);
    }

    static String ownerName(String pool) {
        return "ringmaster-" + pool + "-owner";
    }

    @Override
    public void start(String id) throws ProviderException {
        expect(call("POST", "/containers/" + id + "/start", null), 204, 304);
    }

    @Override
    public void stop(String id, Duration grace) throws ProviderException {
        String path = "/containers/" + id + "/stop?t=" + Math.max(1, grace.toSeconds());
        expect(socket.call("POST", path, null, grace.plus(CHANGE)), 204, 304, 404);
    }

    @Override
    public void remove(String id) throws ProviderException {
        // 409: it is being removed already.
        expect(call("DELETE", "/containers/" + id + "?force=1&v=1", null), 204, 404, 409);
    }

    @Override
    public void events(Runnable opened, Consumer<EngineEvent> listener) throws ProviderException {
        events.follow(opened, listener);
    }

    @Override
    public void breakEvents() {
        events.breakOff();
    }

    private Answer call(String method, String target, @Nullable JsonNode body) throws ProviderException {
        return socket.call(method, target, body, method.equals("GET") ? LOOK : CHANGE);
    }

    /** A fault of the engine's own says nothing of the container, as long as the engine does not work otherwise either. */
    private void expect(Answer answer, int... statuses) throws ProviderException {
        for (int status : statuses) {
            if (answer.status() == status) {
                return;
            }
        }
        boolean broken = answer.status() >= 500 && call("GET", "/_ping", null).status() != 200;
        throw new ProviderException(
                broken ? Kind.UNAVAILABLE : Kind.FAILED, "the Docker engine refused: " + answer.message(), null);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        events.breakOff();
        socket.close();
    }
}
