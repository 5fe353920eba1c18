package dev.ringmaster.lb.provider.docker;

import java.nio.file.Path;

/** The same through an agent. */
final class AgentWatchTest extends EngineWatchTest {
    @Override
    Path agent() {
        return directory.resolve("agent.sock");
    }
}
