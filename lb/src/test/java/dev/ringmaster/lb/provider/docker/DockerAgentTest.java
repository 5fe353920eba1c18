package dev.ringmaster.lb.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent refuses. */
final class DockerAgentTest extends FakeDockerTest {
    private static final int MOST = 3;

    private final AtomicLong nanos = new AtomicLong();
    private AgentEngine engine;

    @Override
    Path agent() {
        return directory.resolve("agent.sock");
    }

    @Override
    DockerAgent startAgent() throws ProviderException, IOException {
        DockerOptions options = options("web:1", FakeDocker.NETWORK);
        return DockerAgent.start(agent(), () -> new DockerEngine(options, POOL), POOL, MOST, nanos::get);
    }

    @BeforeEach
    void openEngine() {
        engine = new AgentEngine(agent(), POOL);
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    private JsonNode ask(String text) throws IOException {
        try (SocketChannel channel = Deadlines.connect(agent())) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            return DockerAgent.JSON.readTree(Channels.newReader(channel, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "GET /containers/json HTTP/1.1",
                "{\"verb\":\"exec\"}",
                "{\"verb\":\"LIST\"}",
                "{\"verb\":[\"list\"]}",
                "{\"verb\":\"list\",\"all\":true}",
                "{\"verb\":\"list\",\"verb\":\"list\"}",
                "{\"verb\":\"list\"} {}",
                "{\"verb\":\"start\"}",
                "{\"verb\":\"start\",\"id\":\"S1\"}",
                "{\"verb\":\"start\",\"id\":\"../images/json?\"}",
                "{\"verb\":\"inspect\",\"container\":\"a/../b\",\"tail\":false}",
                "{\"verb\":\"inspect\",\"container\":\"a\",\"tail\":1}",
                "{\"verb\":\"create\",\"name\":\"S1\",\"slot\":-2,\"operation\":\"0123456789abcdef\"}",
                "{\"verb\":\"create\",\"name\":\"S1\",\"slot\":0.0,\"operation\":\"0123456789abcdef\"}",
                "{\"verb\":\"create\",\"name\":\"S1\",\"slot\":99999999999999999999,\"operation\":\"0123456789abcdef\"}",
                "{\"verb\":\"create\",\"name\":\"S1&x=1\",\"slot\":0,\"operation\":\"0123456789abcdef\"}",
                "{\"verb\":\"create\",\"name\":\"S1\",\"slot\":0,\"operation\":\"x\"}",
                "{\"verb\":\"create\",\"name\":\"S1\",\"slot\":0,\"operation\":\"0123456789abcdef\",\"Image\":\"x\"}",
                "{\"verb\":\"create\",\"owner\":\"me\"}",
                "{\"verb\":\"create\",\"owner\":\"process:0/1/2\",\"name\":\"S1\"}"
            })
    void request_ofAnotherForm_isRefusedAndReachesNoEngine(String request) throws Exception {
        int before = docker.requests().size();
        assertThat(ask(request + "\n").path("kind").asText()).isEqualTo("REFUSED");
        assertThat(docker.requests()).hasSize(before);
    }

    @Test
    void request_withoutEnd_isRefused() throws Exception {
        assertThat(ask("x".repeat(AgentRequest.LONGEST + 1)).path("error").asText())
                .isEqualTo("a request has at most 4096 bytes");
    }

    @Test
    void container_ofSomebodyElse_cannotBeTouchedByIdOrName() throws Exception {
        for (Map<String, String> labels : List.of(
                Map.<String, String>of(),
                Map.of(Labels.POOL, "green", Labels.OPERATION, "0"),
                Map.of(Labels.POOL, POOL),
                Map.of(Labels.OWNED, "green"))) {
            FakeDocker.Container other = docker.add("other" + labels.hashCode(), labels, "running");
            assertRefused(() -> engine.inspect(other.id));
            assertRefused(() -> engine.inspect(other.name));
            assertRefused(() -> engine.lastOutput(other.id));
            assertRefused(() -> engine.start(other.id));
            assertRefused(() -> engine.stop(other.id, Duration.ZERO));
            assertRefused(() -> engine.remove(other.id));
            assertThat(other.state).isEqualTo("running");
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ProviderException.class).hasMessageContaining("the docker agent refused");
    }

    @Test
    void container_thatOwnsThePool_onlyTellsWhetherItRuns() throws Exception {
        FakeDocker.Container balancer = docker.add("lb", Map.of("secret", "1"), "running");
        assertThat(engine.claim("container:" + balancer.id)).isTrue();
        assertThat(engine.claim("container:" + balancer.id)).isFalse();
        assertThat(engine.inspect(balancer.id)).hasValueSatisfying(seen -> {
            assertThat(seen.running()).isTrue();
            assertThat(seen.labels()).isEmpty();
            assertThat(seen.name()).isEmpty();
        });
        assertRefused(() -> engine.stop(balancer.id, Duration.ZERO));
        assertThat(engine.inspect(engine.ownerName())).isPresent();
        engine.remove(engine.inspect(engine.ownerName()).orElseThrow().id());
        assertThat(docker.find(engine.ownerName())).isNull();
    }

    @Test
    void create_beyondTheNumber_isRefused() throws Exception {
        for (int i = 0; i < MOST; i++) {
            engine.create(spec("S" + i));
        }
        assertRefused(() -> engine.create(spec("S9")));
        assertThat(docker.all()).hasSize(MOST);
    }

    @Test
    void create_beyondTheRate_isRefusedUntilTimeHasPassed() throws Exception {
        for (int i = 0; i < MOST; i++) {
            engine.remove(engine.create(spec("S" + i)));
        }
        ReplicaSpec late = spec("S9");
        assertRefused(() -> engine.create(late));
        nanos.addAndGet(Duration.ofMillis(499).toNanos());
        assertRefused(() -> engine.create(late));
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        engine.create(late);
        assertRefused(() -> engine.create(spec("S10")));
    }

    @Test
    void socket_isItsUsersAloneAndGoesWithTheAgent() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(agent())))
                .isEqualTo("rw-------");
        agent.close();
        assertThat(agent()).doesNotExist();
        Files.createFile(agent());
        agent = startAgent();
        engine.check();
    }
}
