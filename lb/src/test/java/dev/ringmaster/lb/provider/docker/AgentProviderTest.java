package dev.ringmaster.lb.provider.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The same through an agent. */
final class AgentProviderTest extends DockerProviderTest {
    @Override
    Path agent() {
        return directory.resolve("agent.sock");
    }

    @Override
    @Test
    void check_withoutSocketImageOrNetwork_namesTheKey() {
        assertThatThrownBy(this::startAgent).hasMessageContaining("another agent listens at");
        agent.close();
        assertThatThrownBy(() -> provider().check()).hasMessage("provider-docker.agent: there is no " + agent());
        assertThatThrownBy(() -> DockerAgent.start(options("missing", FakeDocker.NETWORK), POOL, 64))
                .hasMessageContaining("provider-docker.image: the engine has no image 'missing'");
    }
}
