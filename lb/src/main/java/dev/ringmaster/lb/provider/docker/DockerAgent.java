package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ringmaster.lb.provider.ProviderException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks to the Docker engine for a balancer that must not: whoever can use the engine's socket rules the machine. It is
 * no filter for the engine's requests; it takes an {@link AgentRequest} a connection, from its own user alone, on a
 * private Unix socket, and makes what it asks of the engine from its own configuration.
 *
 * <pre>
 *   balancer ── AgentEngine ── {"verb":"create","name":…} ──> DockerAgent ── AgentRules ── DockerEngine ──> engine
 *                          <── {"id":…} or {"error":…,"kind":…} ──┘
 * </pre>
 */
public final class DockerAgent implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    private static final Logger LOG = LoggerFactory.getLogger(DockerAgent.class);
    private static final Duration REQUEST = Duration.ofSeconds(5);
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_LOGGED = 200;

    private final Path path;
    private final Supplier<Engine> engines;
    private final Engine engine;
    private final AgentRules rules;
    private final Deadlines deadlines = new Deadlines();
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private final ServerSocketChannel server;
    private final UserPrincipal self;

    /**
     * Serves from now on.
     *
     * @param options what the replicas are made of; {@link DockerOptions#agent} is where to listen
     * @param most containers that the pool may have at a time
     * @throws ProviderException if the engine, the image or the network is not there, or another agent is
     */
    public static DockerAgent start(DockerOptions options, String pool, int most)
            throws ProviderException, IOException {
        return start(options.agent(), () -> new DockerEngine(options, pool), pool, most, System::nanoTime);
    }

    static DockerAgent start(Path path, Supplier<Engine> engines, String pool, int most, LongSupplier nanos)
            throws ProviderException, IOException {
        Engine engine = engines.get();
        try {
            engine.check();
            return new DockerAgent(path, engines, engine, new AgentRules(engine, pool, most, nanos));
        } catch (ProviderException | IOException | RuntimeException failed) {
            engine.close();
            throw failed;
        }
    }

    private DockerAgent(Path path, Supplier<Engine> engines, Engine engine, AgentRules rules)
            throws ProviderException, IOException {
        this.path = path;
        this.engines = engines;
        this.engine = engine;
        this.rules = rules;
        clear(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        self = Files.getOwner(path);
        Thread.ofPlatform().name("docker-agent").start(this::accept);
    }

    /** Removes what a dead agent left. */
    private static void clear(Path path) throws ProviderException, IOException {
        if (Files.exists(path)) {
            try (SocketChannel other = Deadlines.connect(path)) {
                throw new ProviderException("another agent listens at " + other.getRemoteAddress());
            } catch (IOException nobody) {
                Files.delete(path);
            }
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                if (connections.tryAcquire()) {
                    Thread.ofVirtual().name("docker-agent-call").start(() -> serve(peer));
                } else {
                    LOG.warn("refused reason=\"{} connections are open\"", MOST_CONNECTIONS);
                    peer.close();
                }
            } catch (IOException closed) {
                LOG.debug("accept: {}", closed.toString());
            }
        }
    }

    private void serve(SocketChannel peer) {
        byte[] line = {};
        try (peer) {
            try {
                UserPrincipal user =
                        peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
                if (!user.equals(self)) {
                    throw new SecurityException("user " + user.getName() + " is not " + self.getName());
                }
                line = deadlines.within(REQUEST, peer, () -> line(peer));
                perform(AgentRequest.parse(line), peer);
            } catch (IllegalArgumentException | SecurityException refused) {
                String text = new String(line, 0, Math.min(line.length, MOST_LOGGED), StandardCharsets.ISO_8859_1);
                LOG.warn("refused reason={} request={}", quoted(refused.getMessage()), quoted(text));
                send(peer, error(String.valueOf(refused.getMessage()), "REFUSED"));
            } catch (ProviderException failed) {
                send(
                        peer,
                        error(String.valueOf(failed.getMessage()), failed.kind().name()));
            }
        } catch (IOException gone) {
            LOG.debug("caller is gone: {}", gone.toString());
        } finally {
            connections.release();
        }
    }

    /** On one line whatever it holds. */
    private static String quoted(@Nullable String text) throws IOException {
        return JSON.writeValueAsString(String.valueOf(text));
    }

    private static ObjectNode error(String message, String kind) {
        return JsonNodeFactory.instance.objectNode().put("error", message).put("kind", kind);
    }

    private static byte[] line(SocketChannel peer) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(AgentRequest.LONGEST);
        while (peer.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte b = buffer.get();
                if (b == '\n') {
                    return line.toByteArray();
                }
                line.write(b);
            }
            if (line.size() > AgentRequest.LONGEST) {
                throw new IllegalArgumentException("a request has at most " + AgentRequest.LONGEST + " bytes");
            }
        }
        throw new IOException("the request broke off");
    }

    private void perform(AgentRequest request, SocketChannel peer) throws ProviderException, IOException {
        ObjectNode answer = JSON.createObjectNode();
        switch (request) {
            case AgentRequest.All() -> answer.set("containers", JSON.valueToTree(engine.list()));
            case AgentRequest.Inspect(String container, boolean tail) -> {
                Optional<Container> found = rules.inspect(container);
                if (found.isPresent()) {
                    answer.set("container", JSON.valueToTree(found.get()));
                    answer.put("tail", tail ? rules.tail(found.get()) : "");
                }
            }
            case AgentRequest.Events() -> {
                follow(peer);
                return;
            }
            case AgentRequest.Create(var spec) -> answer.put("id", rules.create(spec));
            case AgentRequest.Claim(String owner) -> answer.put("claimed", rules.claim(owner));
            case AgentRequest.Start(String id) -> engine.start(rules.replica(id));
            case AgentRequest.Stop(String id, Duration grace) -> engine.stop(rules.replica(id), grace);
            case AgentRequest.Remove(String id) -> rules.remove(id);
        }
        send(peer, answer);
    }

    /** Passes events on, over a stream of its own, until either end is gone. */
    private void follow(SocketChannel peer) throws ProviderException {
        try (Engine own = engines.get()) {
            Thread.ofVirtual().name("docker-agent-end").start(() -> awaitEnd(peer, own));
            own.events(() -> tell(peer, JSON.createObjectNode().put("opened", true)), event -> {
                if (rules.concerns(event)) {
                    tell(peer, JSON.valueToTree(event));
                }
            });
        }
    }

    private static void awaitEnd(SocketChannel peer, Engine own) {
        try {
            peer.read(ByteBuffer.allocate(1));
        } catch (IOException gone) {
            LOG.debug("caller is gone: {}", gone.toString());
        }
        own.breakEvents();
    }

    private static void tell(SocketChannel peer, JsonNode event) {
        try {
            send(peer, event);
        } catch (IOException gone) {
            throw new IllegalStateException("the caller is gone", gone);
        }
    }

    static void send(SocketChannel peer, JsonNode message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            peer.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException unlikely) {
            LOG.warn("socket={} left: {}", path, unlikely.toString());
        }
        deadlines.close();
        engine.close();
    }
}
