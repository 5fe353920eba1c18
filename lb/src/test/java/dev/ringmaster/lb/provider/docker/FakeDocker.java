package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ringmaster.lb.provider.docker.FakeHttp.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine as far as the provider can see: containers without processes, on a unix socket. It can be told to answer
 * wrongly, late or not at all, and what happens to containers is up to the test.
 */
final class FakeDocker implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String NETWORK = "net1";

    private final Path socket;
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch hang = new CountDownLatch(1);
    private volatile Function<Request, Optional<Fault>> faults = _ -> Optional.empty();
    private @Nullable FakeHttp http;
    private int made;

    /** What a test wants instead of, or around, the right answer. */
    sealed interface Fault {
        /** Another answer. */
        record Status(int status, String message) implements Fault {}

        /** These bytes, and the end. */
        record Bytes(String text) implements Fault {}

        /** Nothing, for ever. */
        record Hang() implements Fault {}

        /** Nothing, after the request was obeyed. */
        record ObeyAndHang() implements Fault {}
    }

    /** A container; the fields are the test's to change. */
    static final class Container {
        final String id;
        final Map<String, String> labels;
        final JsonNode request;
        String name;
        String state = "created";
        int exitCode;
        boolean outOfMemory;

        @Nullable
        String address;

        String stopSignal = "";
        String output = "";
        Instant created = Instant.now();

        private Container(String id, String name, JsonNode request) {
            this.id = id;
            this.name = name;
            this.request = request;
            this.labels = JSON.convertValue(
                    request.path("Labels"),
                    new com.fasterxml.jackson.core.type.TypeReference<Map<String, String>>() {});
        }
    }

    private record Stream(OutputStream out, CountDownLatch end) {}

    FakeDocker(Path socket) throws IOException {
        this.socket = socket;
        open();
    }

    /** Begins to answer again after {@link #shut}. */
    void open() throws IOException {
        http = new FakeHttp(socket, this::handle);
    }

    /** Is gone, socket and all. */
    void shut() throws IOException {
        streams.clear();
        http.close();
    }

    void faults(Function<Request, Optional<Fault>> chosen) {
        faults = chosen;
    }

    /** Requests that hang from now on, if they begin with this. */
    void fault(String begin, Fault fault) {
        faults = request -> request.toString().startsWith(begin) ? Optional.of(fault) : Optional.empty();
    }

    void noFault() {
        faults = _ -> Optional.empty();
    }

    List<String> requests() {
        return requests.stream().map(Request::toString).toList();
    }

    // ---- what tests do to containers ----------------------------------------------------------------------------

    synchronized List<Container> all() {
        return new ArrayList<>(containers.values());
    }

    synchronized Container find(String idOrName) {
        return containers.values().stream()
                .filter(container -> container.id.equals(idOrName) || container.name.equals(idOrName))
                .findFirst()
                .orElse(null);
    }

    synchronized Container add(String name, Map<String, String> labels, String state) {
        String id = "%064x".formatted(++made);
        ObjectNode request = JSON.createObjectNode();
        request.set("Labels", JSON.valueToTree(labels));
        Container container = new Container(id, name, request);
        container.state = state;
        container.address = state.equals("running") ? "10.9.0." + made : null;
        containers.put(id, container);
        return container;
    }

    synchronized void remove(Container container) {
        containers.remove(container.id);
    }

    void end(Container container, int exitCode) {
        container.state = "exited";
        container.exitCode = exitCode;
        container.address = null;
        emit(container, "die", Map.of("exitCode", "" + exitCode));
    }

    void emit(Container container, String action, Map<String, String> more) {
        Map<String, String> attributes = new LinkedHashMap<>(container.labels);
        attributes.put("name", container.name);
        attributes.putAll(more);
        emit("container", container.id, action, attributes);
    }

    void emitNetwork(Container container, String network, String action) {
        emit("network", "0123", action, Map.of("name", network, "container", container.id));
    }

    private void emit(String type, String actor, String action, Map<String, String> attributes) {
        Instant now = Instant.now();
        ObjectNode event = JSON.createObjectNode()
                .put("Type", type)
                .put("Action", action)
                .put("time", now.getEpochSecond())
                .put("timeNano", now.getEpochSecond() * 1_000_000_000L + now.getNano());
        event.set("Actor", JSON.createObjectNode().put("ID", actor).set("Attributes", JSON.valueToTree(attributes)));
        byte[] line = (event + "\n").getBytes(StandardCharsets.UTF_8);
        streams.removeIf(stream -> !sent(stream, line));
    }

    private static boolean sent(Stream stream, byte[] line) {
        try {
            FakeHttp.chunk(stream.out(), line);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Ends the streams of events, but not the engine. */
    void cutStreams() {
        streams.forEach(stream -> stream.end().countDown());
        streams.clear();
    }

    int streams() {
        return streams.size();
    }

    // ---- the engine ---------------------------------------------------------------------------------------------

    private void handle(Request request, OutputStream out) throws IOException {
        requests.add(request);
        Optional<Fault> fault = faults.apply(request);
        if (fault.isEmpty()) {
            obey(request, out);
            return;
        }
        switch (fault.get()) {
            case Fault.Status(int status, String message) -> error(out, status, message);
            case Fault.Bytes(String text) -> FakeHttp.write(out, text);
            case Fault.Hang() -> await(hang);
            case Fault.ObeyAndHang() -> {
                obey(request, OutputStream.nullOutputStream());
                await(hang);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    private static void error(OutputStream out, int status, String message) throws IOException {
        FakeHttp.reply(out, status, JSON.createObjectNode().put("message", message) + "\n");
    }

    private void obey(Request request, OutputStream out) throws IOException {
        String path = request.path();
        if (path.equals("/_ping")) {
            FakeHttp.reply(out, 200, "OK");
        } else if (path.equals("/events")) {
            events(out);
        } else if (path.startsWith("/images/")) {
            FakeHttp.reply(out, path.contains("missing") ? 404 : 200, "{\"Id\":\"sha256:1\"}");
        } else if (path.equals("/networks/" + NETWORK)) {
            FakeHttp.reply(out, 200, "{\"Name\":\"net1\",\"Id\":\"0123\"}");
        } else if (path.startsWith("/networks/")) {
            error(out, 404, "network not found");
        } else if (path.equals("/containers/json")) {
            list(request, out);
        } else if (path.equals("/containers/create")) {
            create(request, out);
        } else {
            container(request, path.split("/", -1), out);
        }
    }

    private void events(OutputStream out) throws IOException {
        Stream stream = new Stream(out, new CountDownLatch(1));
        FakeHttp.beginChunks(out);
        streams.add(stream);
        await(stream.end());
    }

    private synchronized void list(Request request, OutputStream out) throws IOException {
        var list = JSON.createArrayNode();
        for (Container container : containers.values()) {
            String pool = container.labels.get(Labels.POOL);
            if (pool != null
                    && URLDecoder.decode(request.target(), StandardCharsets.UTF_8)
                            .contains(Labels.POOL + "=" + pool + "\"")) {
                ObjectNode one = list.addObject().put("Id", container.id).put("State", container.state);
                one.putArray("Names").add("/" + container.name);
                one.set("Labels", JSON.valueToTree(container.labels));
                one.set("NetworkSettings", networks(container));
            }
        }
        FakeHttp.reply(out, 200, list.toString());
    }

    private static ObjectNode networks(Container container) {
        ObjectNode networks = JSON.createObjectNode();
        ObjectNode all = networks.putObject("Networks");
        if (container.address != null) {
            all.putObject(NETWORK).put("IPAddress", container.address);
        }
        return networks;
    }

    private synchronized void create(Request request, OutputStream out) throws IOException {
        String name = request.target().replaceFirst(".*name=([^&]*).*", "$1");
        JsonNode body = JSON.readTree(request.body());
        if (find(name) != null) {
            error(out, 409, "Conflict. The container name \"/" + name + "\" is already in use");
        } else if (body.path("Image").asText().equals("missing")) {
            error(out, 404, "No such image: missing:latest");
        } else {
            String id = "%064x".formatted(++made);
            containers.put(id, new Container(id, name, body));
            FakeHttp.reply(out, 201, JSON.createObjectNode().put("Id", id).toString());
        }
    }

    private synchronized void container(Request request, String[] path, OutputStream out) throws IOException {
        Container container = find(path[2]);
        if (container == null) {
            error(out, 404, "No such container: " + path[2]);
            return;
        }
        String verb = request.method().equals("DELETE") ? "remove" : path[3];
        switch (verb) {
            case "json" -> FakeHttp.reply(out, 200, inspection(container));
            case "logs" -> logs(container, out);
            case "start" -> {
                container.state = "running";
                container.address = "10.9.0." + Integer.parseInt(container.id, 16);
                FakeHttp.reply(out, 204, "");
            }
            case "stop" -> {
                boolean ran = container.state.equals("running");
                container.state = "exited";
                FakeHttp.reply(out, ran ? 204 : 304, "");
            }
            case "rename" -> {
                container.name = request.target().replaceFirst(".*name=", "");
                FakeHttp.reply(out, 204, "");
            }
            case "remove" -> {
                containers.remove(container.id);
                FakeHttp.reply(out, 204, "");
            }
            default -> error(out, 404, "page not found");
        }
    }

    private static String inspection(Container container) {
        ObjectNode all = JSON.createObjectNode();
        all.put("Id", container.id).put("Name", "/" + container.name).put("Created", container.created.toString());
        all.putObject("State")
                .put("Running", container.state.equals("running") || container.state.equals("paused"))
                .put("ExitCode", container.exitCode)
                .put("OOMKilled", container.outOfMemory);
        ObjectNode config = all.putObject("Config").put("StopSignal", container.stopSignal);
        config.set("Labels", JSON.valueToTree(container.labels));
        all.set("NetworkSettings", networks(container));
        return all.toString();
    }

    /** Each line is a frame, as standard output of a container without a terminal. */
    private static void logs(Container container, OutputStream out) throws IOException {
        FakeHttp.beginChunks(out);
        for (String line : container.output.lines().toList()) {
            byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
            byte[] frame = new byte[8 + text.length];
            frame[0] = 1;
            frame[6] = (byte) (text.length >> 8);
            frame[7] = (byte) text.length;
            System.arraycopy(text, 0, frame, 8, text.length);
            FakeHttp.chunk(out, frame);
        }
        FakeHttp.write(out, "0\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        hang.countDown();
        cutStreams();
        http.close();
    }
}
