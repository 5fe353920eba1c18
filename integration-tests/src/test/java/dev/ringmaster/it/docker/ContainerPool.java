package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import dev.ringmaster.it.harness.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
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

    public Answer add(int n, String... names) throws IOException {
        return change("POST", "/add", n, names);
    }

    public Answer remove(int n, String... names) throws IOException {
        return change("DELETE", "/rm", n, names);
    }

    private Answer change(String method, String path, int n, String... names) throws IOException {
        String hostnames = names.length == 0 ? "" : ",\"hostnames\":[\"" + String.join("\",\"", names) + "\"]";
        try (Http http = http()) {
            return http.call(method, path, "", "{\"n\":" + n + hostnames + "}");
        }
    }

    /** Asks for a change until it is made or refused for good: a starved engine counts as away for a while. */
    static void assertMade(Callable<Answer> change) {
        AtomicReference<Answer> last = new AtomicReference<>();
        await().atMost(Patience.LIMIT).until(() -> {
            last.set(change.call());
            boolean later = last.get().status() == 503;
            if (later) {
                assertThat(last.get().value("Retry-After")).isNotEmpty();
            }
            return !later;
        });
        assertThat(last.get().status()).as(last.get().text()).isEqualTo(200);
    }

    public void awaitServing(int count) {
        await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> serving(count));
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
