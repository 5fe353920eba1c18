package dev.ringmaster.lb.provider.docker;

import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.docker.FakeDocker.Container;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tests against a {@link FakeDocker} share: the engine, providers in front of it, and what they tell. */
@Timeout(180)
abstract class FakeDockerTest {
    static final String POOL = "blue";
    static final Duration DEADLINE = Duration.ofMinutes(1);

    final Told told = new Told();
    private final List<DockerProvider> opened = new ArrayList<>();

    @TempDir
    Path directory;

    FakeDocker docker;

    @Nullable
    DockerAgent agent;

    @BeforeEach
    void startDocker() throws IOException, ProviderException {
        docker = new FakeDocker(socket());
        if (!agent().toString().isEmpty()) {
            agent = startAgent();
        }
    }

    DockerAgent startAgent() throws IOException, ProviderException {
        return DockerAgent.start(options("web:1", FakeDocker.NETWORK), POOL, 64);
    }

    @AfterEach
    void stopDocker() throws IOException {
        docker.noFault();
        opened.forEach(DockerProvider::close);
        if (agent != null) {
            agent.close();
        }
        docker.close();
    }

    Path socket() {
        return directory.resolve("docker.sock");
    }

    /** The socket of an agent that is to stand between; empty for none. */
    Path agent() {
        return Path.of("");
    }

    DockerOptions options(String image, String network) {
        return new DockerOptions(
                image, network, socket(), agent(), 5000, List.of("A=1"), List.of("serve"), 64 << 20, 64);
    }

    DockerProvider provider() {
        return provider(options("web:1", FakeDocker.NETWORK));
    }

    DockerProvider provider(DockerOptions options) {
        DockerProvider provider = new DockerProvider(options, POOL);
        opened.add(provider);
        return provider;
    }

    /** A provider that owns the pool and hears of events. */
    DockerProvider watching() throws ProviderException {
        DockerProvider provider = provider();
        provider.check();
        provider.watch(told);
        await("events").until(() -> docker.streams() == 1);
        // What is told of this one is heard once the provider has caught up with what was before.
        Container stray = docker.add("stray", labels(spec("stray")), "running");
        docker.emit(stray, "start", stray.labels);
        awaitGone("stray");
        return provider;
    }

    static ReplicaSpec spec(String name) {
        return new ReplicaSpec(ReplicaId.random(), name, 0);
    }

    static Map<String, String> labels(ReplicaSpec spec) {
        return Map.of(Labels.POOL, POOL, Labels.OPERATION, spec.id().value(), Labels.SLOT, "" + spec.slot());
    }

    Container container(ReplicaSpec spec) {
        return Objects.requireNonNull(docker.find(spec.name()), spec.name());
    }

    void awaitGone(String name) {
        await(name + " is gone").until(() -> docker.find(name) == null);
    }
}
