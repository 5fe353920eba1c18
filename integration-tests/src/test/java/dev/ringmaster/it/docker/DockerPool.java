package dev.ringmaster.it.docker;

import dev.ringmaster.it.harness.Balancer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pool in a network of its own whose balancer is a process on this machine. */
public final class DockerPool extends ContainerPool {
    /** It is heartbeats that find a container dead while the engine is away. */
    private static final Map<String, String> AS_SHIPPED =
            Map.of("RINGMASTER_HEALTH_TIMEOUT", "500ms", "RINGMASTER_OUTLIER_LATENCY_FACTOR", "5");

    private final Path stateDir;
    private final List<String> settings;
    private Balancer balancer;

    public DockerPool(Path stateDir, String... settings) throws IOException {
        this.stateDir = Files.createDirectories(stateDir);
        Docker.run("network", "create", name);
        this.settings = new ArrayList<>(List.of("provider=docker", "pool=" + name, "provider-docker.network=" + name));
        this.settings.addAll(List.of(settings));
        this.balancer = start();
    }

    private Balancer start() throws IOException {
        return Balancer.start(stateDir, AS_SHIPPED, settings.toArray(String[]::new));
    }

    public Balancer balancer() {
        return balancer;
    }

    @Override
    int port() {
        return balancer.port();
    }

    @Override
    int adminPort() {
        return balancer.adminPort();
    }

    /** Kills the balancer without warning and starts the next one. */
    void killBalancerAndStartAnother() throws IOException, InterruptedException {
        balancer.kill();
        startBalancer();
    }

    /** Has the next balancer take over from the one that runs, and returns the exit code of that. */
    int handOver() throws IOException, InterruptedException {
        Balancer before = balancer;
        balancer = Balancer.takeOver(stateDir, AS_SHIPPED, settings.toArray(String[]::new));
        return before.awaitEnd();
    }

    /** Starts the next balancer; the one before is dead. */
    void startBalancer() throws IOException {
        balancer = start();
    }

    @Override
    public void close() throws IOException {
        try {
            balancer.close();
        } finally {
            for (String id : containers().values()) {
                Docker.run("rm", "-f", "-v", id);
            }
            Docker.run("network", "rm", name);
        }
    }
}
