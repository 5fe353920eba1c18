package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The hardened compose file: a balancer that serves and heals as ever, and can do nothing else. */
@Tag("docker")
class HardenedIT {
    private static final Set<String> VERBS = Set.of("list", "inspect", "events", "create", "start", "stop", "remove");
    /** Sends each line of its input to the agent, over a connection of its own, and prints the answers. */
    private static final String ASK = """
            use IO::Socket::UNIX; while (my $line = <STDIN>) {
              my $agent = IO::Socket::UNIX->new(Peer => "/run/ringmaster/agent.sock") or die "no agent: $!";
              print $agent $line; $agent->flush; shutdown($agent, 1); print <$agent>;
            }""";

    private static ComposePool pool;

    @BeforeAll
    static void up() throws IOException {
        pool = new ComposePool(Map.of(), "docker-compose.hardened.yml");
        pool.awaitServing(3);
    }

    @AfterAll
    static void down() throws IOException {
        pool.close();
        pool.assertNothingIsLeft();
    }

    private static List<String> inBalancer(String command) throws IOException {
        return Docker.run("exec", pool.balancerContainer(), "sh", "-c", command);
    }

    private static List<String> ask(List<String> requests) throws IOException {
        return Docker.runWith(
                String.join("\n", requests) + "\n", "exec", "-i", pool.balancerContainer(), "perl", "-e", ASK);
    }

    @Test
    void pool_behindTheAgent_servesScalesAndHeals() throws Exception {
        Load load = pool.load(5_000, "--rate", "500");
        ContainerPool.assertMade(() -> pool.add(1));
        pool.awaitServing(4);
        ContainerPool.assertMade(() -> pool.remove(1));
        String victim = pool.names().getFirst();
        Docker.run("kill", victim);
        await().until(() -> !pool.names().contains(victim));
        pool.awaitServing(3);
        assertThat(load.await().path("failed").asInt()).isZero();
        await().untilAsserted(() -> assertThat(pool.containers()).hasSize(4).doesNotContainKey(victim));
    }

    @Test
    void balancer_hasNoSocketNoPrivilegesAndAReadOnlyDisk() throws Exception {
        assertThat(inBalancer("grep -E '^(Uid|CapPrm|CapEff|CapBnd|NoNewPrivs):' /proc/1/status | cut -f2"))
                .containsExactly("10001", "0".repeat(16), "0".repeat(16), "0".repeat(16), "1");
        assertThat(inBalancer("find / -xdev -type s 2>/dev/null; find /run /var/run/ -type s; true"))
                .as("sockets that can be seen")
                .containsOnly("/run/ringmaster/agent.sock", "/var/run/ringmaster/agent.sock");
        assertThat(inBalancer("test -S /var/run/docker.sock || echo none")).containsExactly("none");
        assertThat(inBalancer("touch /opt/x 2>/dev/null || echo refused")).containsExactly("refused");
        assertThat(Docker.run("logs", pool.balancerContainer())).anyMatch(line -> line.contains("transport=epoll"));
    }

    @Test
    void agent_runsAsTheSameUserWithoutANetwork() throws Exception {
        String agent = pool.container("agent");
        assertThat(Docker.run(
                        "exec", agent, "sh", "-c", "grep -E '^(Uid|CapEff|NoNewPrivs):' /proc/1/status | cut -f2"))
                .containsExactly("10001", "0".repeat(16), "1");
        assertThat(Docker.run("inspect", "-f", "{{.HostConfig.NetworkMode}}", agent))
                .containsExactly("none");
    }

    /** Every call of the engine as docker-java knows it, as a verb, and as a request of the engine's own. */
    private static Stream<String> calls() {
        return Arrays.stream(DockerClient.class.getMethods())
                .map(Method::getName)
                .filter(name -> name.endsWith("Cmd"))
                .map(name -> name.substring(0, name.length() - 3).toLowerCase(Locale.ROOT))
                .distinct()
                .flatMap(name -> Stream.of("{\"verb\":\"%s\"}".formatted(name), "POST /%s HTTP/1.1".formatted(name)))
                .filter(line -> VERBS.stream().noneMatch(verb -> line.equals("{\"verb\":\"%s\"}".formatted(verb))));
    }

    /** A creation with one more field, for every one that the engine knows. */
    private static Stream<String> creations() {
        Set<String> fields = new TreeSet<>(Set.of("HostConfig", "NetworkingConfig", "Name", "Platform"));
        Stream.of(HostConfig.class, ContainerConfig.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .map(field -> field.getAnnotation(JsonProperty.class))
                .filter(Objects::nonNull)
                .forEach(property -> fields.add(property.value()));
        return fields.stream()
                .map(field ->
                        "{\"verb\":\"create\",\"name\":\"S9\",\"slot\":0,\"operation\":\"0123456789abcdef\",\"%s\":\"x\"}"
                                .formatted(field));
    }

    @Test
    void agent_askedForAnythingElse_refusesAndLogsIt() throws Exception {
        List<String> requests = Stream.concat(calls(), creations()).toList();
        String foreign =
                Docker.run("inspect", "-f", "{{.Id}}", pool.container("agent")).getFirst();
        List<String> all = new ArrayList<>(requests);
        for (String verb : List.of("start", "stop", "remove")) {
            String grace = verb.equals("stop") ? ",\"grace\":0" : "";
            all.add("{\"verb\":\"%s\",\"id\":\"%s\"%s}".formatted(verb, foreign, grace));
        }
        all.add("{\"verb\":\"inspect\",\"container\":\"%s\",\"tail\":true}".formatted(foreign));
        Map<String, String> before = pool.containers();
        long logged = refusals();
        assertThat(ask(all)).hasSize(all.size()).allMatch(answer -> answer.contains("\"kind\":\"REFUSED\""));
        assertThat(refusals() - logged).isEqualTo(all.size());
        assertThat(pool.containers()).isEqualTo(before);
        System.out.printf(
                "%d requests refused, %d of them creations%n",
                all.size(), creations().count());
        assertThat(requests).hasSizeGreaterThan(150);
    }

    private static long refusals() throws IOException {
        return Docker.run("logs", pool.container("agent")).stream()
                .filter(line -> line.contains("refused reason="))
                .count();
    }

    @Test
    void agent_calledByAnotherUser_refuses() throws Exception {
        // Root with all that Docker gives it opens any socket, but is not the agent's user.
        List<String> answer = Docker.runWith(
                "{\"verb\":\"list\"}\n",
                "run",
                "--rm",
                "-i",
                "-u",
                "0",
                "--entrypoint",
                "perl",
                "--network",
                "none",
                "-v",
                pool.name() + "_agent:/run/ringmaster",
                "ringmaster-lb",
                "-e",
                ASK);
        assertThat(answer)
                .singleElement()
                .asString()
                .contains("user root is not ringmaster")
                .contains("REFUSED");
    }
}
