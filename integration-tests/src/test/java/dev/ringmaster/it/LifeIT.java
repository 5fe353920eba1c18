package dev.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas and balancers that die, are frozen, removed and started again. */
class LifeIT {
    @TempDir
    private Path dir;

    private static String names(Http http) throws IOException {
        return http.get("/rep").text().replaceAll(".*\\[(.*)].*", "$1").replace("\"", "");
    }

    @Test
    void replica_killedUnderLoad_losesNothingAndIsReplacedInItsPlace() throws IOException {
        try (Balancer balancer = Balancer.start(dir, Map.of());
                Http http = balancer.http()) {
            await().until(() -> balancer.serving(3));
            Load load = Load.start(balancer, 10_000, "--rate", "4000");
            await().pollInterval(Duration.ofMillis(5)).until(() -> answers(balancer) > 500);
            balancer.replicas().getFirst().destroyForcibly();
            long killed = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5)).until(() -> !names(http).equals("S1,S2,S3"));
            System.err.printf("replacement after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
            JsonNode report = load.await();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
            assertThat(report.path("ok").asInt()).isEqualTo(10_000);
            List<String> after = List.of(names(http).split(",", -1));
            assertThat(after).hasSize(3);
            assertThat(List.of("S1", "S2", "S3").stream().filter(after::contains))
                    .hasSize(2);
            for (String name : List.of("S1", "S2", "S3")) {
                assertThat(after.contains(name) ? after.indexOf(name) : name.charAt(1) - '1')
                        .as("places of those that live")
                        .isEqualTo(name.charAt(1) - '1');
            }
        }
    }

    private static double answers(Balancer balancer) throws IOException {
        return balancer.metric("ringmaster_requests_total");
    }

    @Test
    void replica_killedWhileASpareWaits_isReplacedAtOnce() throws IOException {
        try (Balancer balancer = Balancer.start(dir, Map.of(), "spares=1");
                Http http = balancer.http()) {
            for (int kills = 0; kills < 3; kills++) {
                await().until(() -> balancer.serving(3) && balancer.metric("ringmaster_replica_spares") == 1);
                String before = names(http);
                named(balancer, before.substring(0, before.indexOf(','))).destroyForcibly();
                long killed = System.nanoTime();
                await().pollInterval(Duration.ofMillis(2))
                        .until(() -> !names(http).equals(before));
                System.err.printf("seat taken by a spare after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
            }
        }
    }

    private static ProcessHandle named(Balancer balancer, String name) throws IOException {
        for (ProcessHandle replica : balancer.replicas()) {
            String environment = Files.readString(Path.of("/proc", String.valueOf(replica.pid()), "environ"));
            if (environment.contains("SERVER_ID=" + name + "\0")) {
                return replica;
            }
        }
        throw new AssertionError(name + " does not run");
    }

    @Test
    void pool_changedUnderLoad_losesNothing() throws IOException {
        try (Balancer balancer = Balancer.start(dir, Map.of());
                Http http = balancer.http()) {
            Load load = Load.start(balancer, 10_000, "--rate", "2500");
            int cycles = 0;
            while (load.running() && cycles < 8) {
                assertThat(http.post("/add", "{\"n\":2}").status()).isEqualTo(200);
                assertThat(http.get("/rep").text()).contains("\"N\":5");
                assertThat(http.delete("/rm", "{\"n\":2}").status()).isEqualTo(200);
                cycles++;
            }
            JsonNode report = load.await();
            System.err.printf("%d cycles, longest gap %s ms%n", cycles, report.path("longest_gap_ms"));
            assertThat(cycles).isPositive();
            assertThat(report.path("failed").asInt()).as("%s", report).isZero();
        }
    }

    @Test
    void replica_frozen_isLeftAndReplaced() throws IOException, InterruptedException {
        try (Balancer balancer = Balancer.start(dir, Map.of(), "health.timeout=500ms", "health.replace-after=1s")) {
            await().until(() -> balancer.serving(3));
            long frozen = balancer.replicas().getFirst().pid();
            assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(frozen))
                            .start()
                            .waitFor())
                    .isZero();
            await().until(() -> balancer.log().stream().anyMatch(line -> line.contains("state=DOWN")));
            await().until(() ->
                    ProcessHandle.of(frozen).filter(ProcessHandle::isAlive).isEmpty());
            await().until(() -> balancer.serving(3));
        }
    }

    @Test
    void balancer_killed_leavesNoReplicaAndRemembersThePool() throws IOException, InterruptedException {
        List<ProcessHandle> replicas;
        try (Balancer first = Balancer.start(dir, Map.of());
                Http http = first.http()) {
            http.post("/add", "{\"n\":1,\"hostnames\":[\"mine\"]}");
            http.delete("/rm", "{\"n\":1,\"hostnames\":[\"S2\"]}");
            replicas = first.replicas();
            first.kill();
        }
        long killed = System.nanoTime();
        await().pollInterval(Duration.ofMillis(5)).until(() -> replicas.stream().noneMatch(ProcessHandle::isAlive));
        System.err.printf("replicas gone after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        try (Balancer second = Balancer.start(dir, Map.of(), "replicas=7");
                Http http = second.http()) {
            assertThat(names(http)).isEqualTo("S1,S3,mine");
        }
    }

    @Test
    void stop_withRequestsInFlight_finishesThemAndLeavesNothing() throws IOException, InterruptedException {
        try (Balancer balancer = Balancer.start(dir, Map.of("SERVER_DELAY", "1s"))) {
            List<ProcessHandle> replicas = balancer.replicas();
            CompletableFuture<Integer> answer = slowAnswer(balancer);
            assertThat(balancer.stop()).isZero();
            assertThat(answer.join()).isEqualTo(200);
            assertThat(replicas).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        }
    }

    /** As a terminal does with Ctrl-C: replicas that got it, too, would be gone before they are drained. */
    @Test
    void stop_bySignalToTheWholeProcessGroup_finishesWhatIsInFlight() throws Exception {
        try (Balancer balancer = Balancer.start(dir, Map.of("SERVER_DELAY", "1s"))) {
            List<ProcessHandle> replicas = balancer.replicas();
            CompletableFuture<Integer> answer = slowAnswer(balancer);
            String group = group(balancer.handle());
            List<ProcessHandle> family = new ArrayList<>(List.of(balancer.handle()));
            family.addAll(balancer.handle().descendants().toList());
            for (ProcessHandle process : family) {
                if (group(process).equals(group)) {
                    process.destroy();
                }
            }
            assertThat(answer.join()).isEqualTo(200);
            // Another signal would be a second one, which ends it at once.
            assertThat(balancer.awaitEnd()).isZero();
            assertThat(replicas).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        }
    }

    private static String group(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2];
    }

    @Test
    void removal_withRequestsInFlight_finishesThem() throws IOException {
        try (Balancer balancer = Balancer.start(dir, Map.of("SERVER_DELAY", "1s"), "replicas=1");
                Http http = balancer.http()) {
            CompletableFuture<Integer> answer = slowAnswer(balancer);
            assertThat(http.delete("/rm", "{\"n\":1}").status()).isEqualTo(200);
            assertThat(answer.join()).isEqualTo(200);
            await().until(() -> balancer.replicas().isEmpty());
        }
    }

    /** The answer to a request that has been seen in flight: one that was over before that is followed by another. */
    private static CompletableFuture<Integer> slowAnswer(Balancer balancer) {
        AtomicReference<CompletableFuture<Integer>> answer = new AtomicReference<>(ask(balancer));
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).until(() -> {
            if (answer.get().isDone()) {
                assertThat(answer.get().join()).isEqualTo(200);
                answer.set(ask(balancer));
            }
            return inFlight(balancer) == 1;
        });
        return answer.get();
    }

    private static CompletableFuture<Integer> ask(Balancer balancer) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Http http = balancer.http()) {
                        return http.get("/home").status();
                    } catch (IOException cut) {
                        return -1;
                    }
                },
                Thread::startVirtualThread);
    }

    private static double inFlight(Balancer balancer) throws IOException {
        return balancer.metric("ringmaster_replica_in_flight");
    }

    @Test
    void keys_throughARespawn_stayHome() throws IOException {
        try (Balancer balancer = Balancer.start(dir, Map.of(), "hash.key=header:X-Key");
                Http http = balancer.http()) {
            await().until(() -> balancer.serving(3));
            Map<Integer, String> before = homes(http);
            assertThat(before.values()).contains("S1", "S2", "S3");
            balancer.replicas().getFirst().destroyForcibly();
            await().until(() -> !names(http).equals("S1,S2,S3") && balancer.serving(3));
            List<String> places = List.of(names(http).split(",", -1));
            Map<Integer, String> after = homes(http);
            for (int key : before.keySet()) {
                int place = before.get(key).charAt(1) - '1';
                assertThat(after.get(key)).as("key %d", key).isEqualTo(places.get(place));
            }
        }
    }

    private static Map<Integer, String> homes(Http http) throws IOException {
        Map<Integer, String> homes = new HashMap<>();
        for (int key = 0; key < 300; key++) {
            String body =
                    http.call("GET", "/home", "X-Key: user-" + key + "\r\n", "").text();
            homes.put(key, body.replaceAll(".*Server: ([^\"]*)\".*", "$1"));
        }
        return homes;
    }

    @Test
    void reload_onSighup_takesWhatCanChange() throws IOException, InterruptedException {
        Path file = dir.resolve("ringmaster.yaml");
        Files.writeString(file, "policy: consistent-hash\n");
        try (Balancer balancer = Balancer.start(dir, Map.of("RINGMASTER_CONFIG", file.toString()));
                Http http = balancer.http()) {
            Files.writeString(file, "policy: round-robin\naccess-log: common\nthreads: 1\n");
            hup(balancer);
            await().until(() -> balancer.log().stream().anyMatch(line -> line.contains("configuration reloaded")));
            assertThat(balancer.log()).anyMatch(line -> line.contains("needs-restart=[threads]"));
            http.get("/home");
            await().until(() ->
                    balancer.output().stream().anyMatch(line -> line.contains("\"GET /home HTTP/1.1\" 200")));
            Files.writeString(file, "policy: nonsense\n");
            hup(balancer);
            await().until(() -> balancer.log().stream().anyMatch(line -> line.contains("ERROR")));
            assertThat(http.get("/home").status()).isEqualTo(200);
        }
    }

    private static void hup(Balancer balancer) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(
                                "kill", "-HUP", String.valueOf(balancer.handle().pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
