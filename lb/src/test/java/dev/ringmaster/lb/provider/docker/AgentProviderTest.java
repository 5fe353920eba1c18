package dev.ringmaster.lb.provider.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same through an agent. */
final class AgentProviderTest extends DockerProviderTest {
    private DockerAgent agent;

    @Override
    Path agent() {
        return directory.resolve("agent.sock");
    }

    @BeforeEach
    void startAgent() throws ProviderException, IOException {
        agent = DockerAgent.start(options("web:1", FakeDocker.NETWORK), POOL, 64);
    }

    @AfterEach
    void stopAgent() {
        agent.close();
    }

    @Override
    @Test
    void check_withoutSocketImageOrNetwork_namesTheKey() {
        assertThatThrownBy(() -> DockerAgent.start(options("web:1", FakeDocker.NETWORK), POOL, 64))
                .hasMessageContaining("another agent listens at");
        agent.close();
        assertThatThrownBy(() -> provider().check()).hasMessage("provider-docker.agent: there is no " + agent());
        assertThatThrownBy(() -> DockerAgent.start(options("missing", FakeDocker.NETWORK), POOL, 64))
                .hasMessageContaining("provider-docker.image: the engine has no image 'missing'");
    }
}
