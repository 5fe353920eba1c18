package dev.ringmaster.lb.provider.docker;

import dev.ringmaster.lb.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same through an agent. */
final class AgentWatchTest extends EngineWatchTest {
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
}
