package dev.ringmaster.lb.provider.docker;

import java.nio.file.Path;
import java.util.List;

/**
 * What every replica's container is made of.
 *
 * @param image image of the replicas
 * @param network network that they join and are reached through
 * @param socket the engine's Unix socket
 * @param agent Unix socket of a {@link DockerAgent} that speaks to the engine instead; an empty path for none
 * @param port where a replica listens inside its container
 * @param env further {@code NAME=VALUE} of its environment
 * @param command its command; empty for the image's own
 * @param memory most memory in bytes
 * @param pids most processes and threads
 */
public record DockerOptions(
        String image,
        String network,
        Path socket,
        Path agent,
        int port,
        List<String> env,
        List<String> command,
        long memory,
        int pids) {
    public DockerOptions {
        env = List.copyOf(env);
        command = List.copyOf(command);
    }

    boolean hasAgent() {
        return !agent.toString().isEmpty();
    }
}
