package dev.ringmaster.it.docker;

import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A pool of containers under a name of its own, however its balancer runs; nothing of it is left after its close. */
public abstract class ContainerPool implements AutoCloseable {
    final String name = Docker.name();

    abstract int port();

    abstract int adminPort();

    String name() {
        return name;
    }

    /** {@code requests} requests to it, in the background. */
    public Load load(int requests, String... more) {
        return Load.start(port(), requests, more);
    }

    public Http http() throws IOException {
        return new Http(port());
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
        try (Http http = new Http(adminPort())) {
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
    public abstract void close() throws IOException;
}
