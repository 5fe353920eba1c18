package dev.ringmaster.lb.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.provider.docker.FakeDocker.Container;
import dev.ringmaster.lb.provider.docker.FakeDocker.Fault;
import dev.ringmaster.lb.replica.ReplicaId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Starting, stopping and listing, and what is left when that fails. */
class DockerProviderTest extends FakeDockerTest {
    private static void assertFails(Kind kind, ThrowingCallable call, String part) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(kind))
                .hasMessageContaining(part);
    }

    private void onStart(Fault fault) {
        docker.faults(request -> request.target().endsWith("/start") ? Optional.of(fault) : Optional.empty());
    }

    @Test
    void check_withoutSocketImageOrNetwork_namesTheKey() throws Exception {
        assertFails(
                Kind.FAILED,
                () -> provider(options("missing", FakeDocker.NETWORK)).check(),
                "provider-docker.image: the engine has no image 'missing'");
        assertFails(
                Kind.FAILED,
                () -> provider(options("web:1", "net2")).check(),
                "provider-docker.network: the engine has no network 'net2'");
        docker.shut();
        assertFails(Kind.FAILED, () -> provider().check(), "provider-docker.socket: there is no " + socket());
    }

    @Test
    void check_ofAPoolThatThisProcessOwns_isRefusedUntilItIsLetGo() throws Exception {
        DockerProvider first = provider();
        first.check();
        assertFails(Kind.FAILED, () -> provider().check(), "pool 'blue' is owned by another balancer, process:");
        first.close();
        provider().check();
    }

    @Test
    void pool_thatIsReleased_isTheNextOnesUntilThatOneLetsGo() throws Exception {
        DockerProvider first = provider();
        first.check();
        assertThat(first.release()).isEmpty();
        DockerProvider next = provider();
        next.inherit(List.of());
        next.check();
        assertFails(Kind.FAILED, first::check, "pool 'blue' is owned by another balancer, process:");
        next.close();
        first.check();
        first.release();
        next = provider();
        next.check();
        first.close();
        assertThat(docker.find("ringmaster-blue-owner").labels.get(Labels.OWNER))
                .as("is not the first one's to remove")
                .isEqualTo(Owner.self());
    }

    @Test
    void check_ofAPoolWhoseOwnerIsGone_takesItOver() throws Exception {
        for (String owner : List.of("process:an-earlier-boot/1/2", "container:0123")) {
            docker.add("ringmaster-blue-owner", Map.of(Labels.OWNED, POOL, Labels.OWNER, owner), "created");
            DockerProvider provider = provider();
            provider.check();
            assertThat(docker.find("ringmaster-blue-owner").labels.get(Labels.OWNER))
                    .isEqualTo(Owner.self());
            provider.close();
        }
    }

    @Test
    void check_ofAPoolWhoseOwnerRunsOrCannotBeSeen_isRefused() {
        Container balancer = docker.add("lb", Map.of(), "running");
        docker.add(
                "ringmaster-blue-owner",
                Map.of(Labels.OWNED, POOL, Labels.OWNER, "container:" + balancer.id),
                "created");
        assertFails(Kind.FAILED, () -> provider().check(), "owned by another balancer, container:");
        docker.find("ringmaster-blue-owner").labels.put(Labels.OWNER, "somebody");
        assertFails(Kind.FAILED, () -> provider().check(), "if it is gone: docker rm ringmaster-blue-owner");
    }

    @Test
    void start_makesTheContainerFromTheTemplate() throws Exception {
        ReplicaSpec spec = new ReplicaSpec(ReplicaId.random(), "S1", 2);
        RunningReplica replica = provider().start(spec, DEADLINE);
        Container made = container(spec);
        assertThat(replica).isEqualTo(new RunningReplica(spec, new InetSocketAddress(made.address, 5000)));
        JsonNode request = made.request;
        assertThat(request.path("Image").asText()).isEqualTo("web:1");
        assertThat(request.path("Hostname").asText()).isEqualTo("S1");
        assertThat(request.path("Env").toString()).isEqualTo("[\"SERVER_ID=S1\",\"A=1\"]");
        assertThat(request.path("Cmd").toString()).isEqualTo("[\"serve\"]");
        assertThat(request.at("/NetworkingConfig/EndpointsConfig/net1/Aliases").toString())
                .isEqualTo("[\"S1\"]");
        JsonNode host = request.path("HostConfig");
        assertThat(host.path("NetworkMode").asText()).isEqualTo("net1");
        assertThat(host.path("Memory").asLong()).isEqualTo(64 << 20);
        assertThat(host.path("PidsLimit").asInt()).isEqualTo(64);
        assertThat(host.at("/RestartPolicy/Name").asText()).isEqualTo("no");
        assertThat(host.path("SecurityOpt").toString()).isEqualTo("[\"no-new-privileges\"]");
        assertThat(host.has("CapAdd")).isFalse();
        assertThat(host.has("Privileged")).isFalse();
        assertThat(made.labels)
                .containsEntry(Labels.POOL, POOL)
                .containsEntry(Labels.OPERATION, spec.id().value())
                .containsEntry(Labels.SLOT, "2")
                .containsKey(Labels.TEMPLATE);
    }

    @Test
    void start_underAnothersName_isRefusedAndTouchesNothing() {
        docker.add("S1", Map.of(), "running");
        docker.add("S2", Map.of(Labels.POOL, "green", Labels.OPERATION, "0"), "running");
        assertFails(Kind.NAME_TAKEN, () -> provider().start(spec("S1"), DEADLINE), "already in use");
        assertFails(Kind.NAME_TAKEN, () -> provider().start(spec("S2"), DEADLINE), "already in use");
        assertThat(docker.all()).hasSize(2);
    }

    @Test
    void start_underTheNameOfAReplicaThatLeaves_movesThatAside() throws Exception {
        ReplicaSpec leaving = spec("S1");
        docker.add("S1", labels(leaving), "running");
        ReplicaSpec coming = spec("S1");
        provider().start(coming, DEADLINE);
        assertThat(container(coming).labels)
                .containsEntry(Labels.OPERATION, coming.id().value());
        assertThat(docker.find("leaving-" + leaving.id()).labels)
                .containsEntry(Labels.OPERATION, leaving.id().value());
    }

    @Test
    void start_thatTheEngineRefuses_failsAndLeavesNothing() {
        onStart(new Fault.Status(404, "network net1 not found"));
        assertFails(Kind.FAILED, () -> provider().start(spec("S1"), DEADLINE), "network net1 not found");
        onStart(new Fault.Status(500, "OCI runtime create failed"));
        assertFails(Kind.FAILED, () -> provider().start(spec("S1"), DEADLINE), "OCI runtime create failed");
        assertThat(docker.all()).isEmpty();
    }

    @Test
    void start_whenEverythingAnswers500_isUnavailable() {
        docker.fault("", new Fault.Status(500, "out of order"));
        assertFails(Kind.UNAVAILABLE, () -> provider().start(spec("S1"), DEADLINE), "out of order");
    }

    @Test
    void start_ofAContainerThatEndsAtOnce_failsWithItsLastWords() {
        docker.faults(request -> {
            if (request.method().equals("GET")
                    && request.target().endsWith("/json")
                    && request.path().length() > 70) {
                Container container = docker.all().getFirst();
                container.state = "exited";
                container.exitCode = 9;
                container.address = null;
                container.output = "one\ntwo\n";
            }
            return Optional.empty();
        });
        assertFails(
                Kind.FAILED,
                () -> provider().start(spec("S1"), DEADLINE),
                "ended with exit code 9, last output: one | two");
        assertThat(docker.all()).isEmpty();
    }

    @Test
    void stop_asksFirstAndForcesOnlyWithoutGrace() throws Exception {
        DockerProvider provider = watching();
        ReplicaSpec asked = spec("S1");
        provider.start(asked, DEADLINE);
        String id = container(asked).id;
        provider.stop(asked.id(), Duration.ofMillis(2500));
        assertThat(docker.requests())
                .containsSubsequence(
                        "POST /containers/" + id + "/stop?t=2", "DELETE /containers/" + id + "?force=1&v=1");
        ReplicaSpec forced = spec("S2");
        provider.start(forced, DEADLINE);
        String other = container(forced).id;
        provider.stop(forced.id(), Duration.ZERO);
        assertThat(docker.requests()).noneMatch(request -> request.contains(other + "/stop"));
        provider.stop(ReplicaId.random(), Duration.ZERO);
        assertThat(docker.find("S1")).isNull();
        assertThat(docker.find("S2")).isNull();
        assertThat(told.nothing()).isTrue();
    }

    @Test
    void stop_thatTheEngineFails_canBeTriedAgain() throws Exception {
        DockerProvider provider = provider();
        ReplicaSpec spec = spec("S1");
        provider.start(spec, DEADLINE);
        docker.fault("DELETE", new Fault.Status(500, "device busy"));
        assertFails(Kind.FAILED, () -> provider.stop(spec.id(), Duration.ZERO), "device busy");
        docker.noFault();
        provider.stop(spec.id(), Duration.ZERO);
        assertThat(docker.all()).isEmpty();
    }

    @Test
    void stops_ofMany_doNotWaitForEachOther() throws Exception {
        DockerProvider provider = provider();
        List<ReplicaSpec> specs =
                IntStream.range(0, 32).mapToObj(i -> spec("S" + i)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (ReplicaSpec spec : specs) {
                provider.start(spec, DEADLINE);
            }
            List<Future<Boolean>> stops = threads.invokeAll(specs.stream()
                    .<Callable<Boolean>>map(spec -> () -> {
                        provider.stop(spec.id(), Duration.ofSeconds(5));
                        return true;
                    })
                    .toList());
            for (Future<Boolean> stop : stops) {
                assertThat(stop.get()).isTrue();
            }
        }
        assertThat(docker.all()).isEmpty();
    }

    @Test
    void list_readsBackWhatRunsAndClearsTheRest() throws Exception {
        ReplicaSpec runs = new ReplicaSpec(ReplicaId.random(), "S1", 4);
        docker.add("S1", labels(runs), "running");
        docker.add("S2", labels(spec("S2")), "exited").output = "the end";
        docker.add("S3", labels(spec("S3")), "created");
        docker.add("S4", Map.of(Labels.POOL, "blu"), "running");
        assertThat(provider().list())
                .containsExactly(new RunningReplica(runs, new InetSocketAddress(docker.find("S1").address, 5000)));
        assertThat(docker.all()).extracting(container -> container.name).containsExactly("S1", "S4");
    }

    @Test
    void list_withoutASensibleAnswer_isUnavailable() {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n[{\"Id\":\"a",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\":",
                "no HTTP\r\n\r\n",
                "")) {
            docker.fault("GET /containers/json", new Fault.Bytes(answer));
            assertFails(Kind.UNAVAILABLE, () -> provider().list(), "the Docker engine");
        }
    }

    @Test
    void call_withoutAnAnswer_endsAtItsDeadline() throws Exception {
        docker.fault("GET /_ping", new Fault.Hang());
        try (EngineSocket engine = new EngineSocket(socket())) {
            long start = System.nanoTime();
            assertFails(
                    Kind.UNAVAILABLE,
                    () -> engine.call("GET", "/_ping", null, Duration.ofMillis(200)),
                    "does not answer");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(190), Duration.ofSeconds(10));
        }
    }
}
