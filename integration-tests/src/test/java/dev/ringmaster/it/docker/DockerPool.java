package dev.ringmaster.it.docker;

import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A pool of containers in a network of its own, and the balancer that owns it; nothing of it is left after its close. */
public final class DockerPool implements AutoCloseable {
    private final Path stateDir;
    private final List<String> settings;
    private final String name = Docker.name();
    private Balancer balancer;

    public DockerPool(Path stateDir, String... settings) throws IOException {
        this.stateDir = Files.createDirectories(stateDir);
        Docker.run("network", "create", name);
        this.settings = new ArrayList<>(List.of("provider=docker", "pool=" + name, "provider-docker.network=" + name));
        this.settings.addAll(List.of(settings));
        this.balancer = start();
    }

    private Balancer start() throws IOException {
        return Balancer.start(stateDir, Map.of(), settings.toArray(String[]::new));
    }

    public Balancer balancer() {
        return balancer;
    }

    String name() {
        return name;
    }

    /** Kills the balancer without warning and starts the next one. */
    void killBalancerAndStartAnother() throws IOException, InterruptedException {
        balancer.kill();
        balancer = start();
    }

    public Http http() throws IOException {
        return balancer.http();
    }

    /** Host names of the replicas in the order of their slots. */
    public List<String> names() throws IOException {
        try (Http http = http()) {
            String list =
                    http.get("/rep").text().replaceAll(".*\\[(.*)].*", "$1").replace("\"", "");
            return list.isEmpty() ? List.of() : Arrays.asList(list.split(",", -1));
        }
    }

    public Answer add(int n) throws IOException {
        try (Http http = http()) {
            return http.post("/add", "{\"n\":" + n + "}");
        }
    }

    public Answer remove(int n) throws IOException {
        try (Http http = http()) {
            return http.delete("/rm", "{\"n\":" + n + "}");
        }
    }

    public void awaitServing(int count) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> serving(count));
    }

    private boolean serving(int count) throws IOException {
        try (Http http = new Http(balancer.adminPort())) {
            return http.get("/readyz").text().contains("\"serving\":" + count + ",");
        }
    }

    /** Name to id of the pool's containers, running or not. */
    Map<String, String> containers() throws IOException {
        return Docker.run(
                        "ps",
                        "-a",
                        "--no-trunc",
                        "--filter",
                        "label=dev.ringmaster.pool=" + name,
                        "--format",
                        "{{.Names}} {{.ID}}")
                .stream()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }

    @Override
    public void close() throws IOException {
        balancer.close();
        for (String id : containers().values()) {
            Docker.run("rm", "-f", "-v", id);
        }
        Docker.run("network", "rm", name);
    }
}
