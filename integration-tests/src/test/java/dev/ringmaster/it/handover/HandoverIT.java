package dev.ringmaster.it.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Dist;
import dev.ringmaster.it.harness.Faults;
import dev.ringmaster.it.harness.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A balancer that takes over from another one, and all the ways in which that may go wrong. */
class HandoverIT {
    private static final int HAND_OVERS = Integer.getInteger("ringmaster.handovers", 4);
    private static final int RATE = Integer.getInteger("ringmaster.handover.rate", 800);
    /** A busy machine must not eject a replica or have it spill, which would look like a key that left home. */
    private static final String[] SETTINGS = {
        "hash.key=header:X-Key",
        "hash.balance-factor=off",
        "outlier.enabled=false",
        "health.timeout=10s",
        "health.replace-after=10m",
        "proxy.connect-timeout=10s"
    };

    @TempDir
    private Path dir;

    private final List<Balancer> balancers = new ArrayList<>();
    private final List<Process> starting = new ArrayList<>();
    private final List<ProcessHandle> replicas = new ArrayList<>();

    private Balancer first(String... more) throws IOException {
        Balancer balancer = Balancer.start(dir, Map.of(), settings(more));
        balancers.add(balancer);
        await().until(() -> serving(balancer, 3));
        replicas.addAll(balancer.replicas());
        return balancer;
    }

    private static String[] settings(String... more) {
        return Stream.concat(Stream.of(SETTINGS), Stream.of(more)).toArray(String[]::new);
    }

    private Balancer next(String... more) throws IOException {
        Balancer balancer = Balancer.takeOver(dir, Map.of(), settings(more));
        balancers.add(balancer);
        return balancer;
    }

    private static String[] arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--take-over", "--set", "bind=127.0.0.1"));
        for (String setting : settings(more)) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments.toArray(String[]::new);
    }

    private ProcessBuilder command(String... more) {
        return Balancer.command(dir, arguments(more));
    }

    @AfterEach
    void endAll() {
        starting.forEach(Process::destroyForcibly);
        SoftAssertions ends = new SoftAssertions();
        balancers.reversed().forEach(balancer -> ends.check(balancer::close));
        starting.forEach(_ -> ends.check(() -> Faults.assertNone(Files.readAllLines(log()))));
        await("replicas").until(() -> alive().isEmpty());
        ends.assertAll();
    }

    /** Of a balancer that a test starts by itself. */
    private Path log() {
        return dir.resolve("next.log");
    }

    private List<ProcessHandle> alive() {
        return replicas.stream().filter(ProcessHandle::isAlive).toList();
    }

    private static boolean serving(Balancer balancer, int count) throws IOException {
        try (Http http = new Http(balancer.adminPort())) {
            return http.get("/readyz").text().contains("\"serving\":" + count + ",");
        }
    }

    private static boolean logged(Balancer balancer, String text) {
        return balancer.log().stream().anyMatch(line -> line.contains(text));
    }

    @Test
    void handOvers_underNewConnections_loseNothing() throws IOException, InterruptedException {
        Balancer current = first();
        List<Long> pids = alive().stream().map(ProcessHandle::pid).sorted().toList();
        assertThat(pids).hasSize(3);
        int port = current.port();
        long begin = System.nanoTime();
        try (Visitors visitors = new Visitors(port, RATE, true)) {
            for (int i = 0; i < HAND_OVERS; i++) {
                Balancer next = next();
                assertThat(next.port()).isEqualTo(port);
                assertThat(next.adminPort()).isEqualTo(current.adminPort());
                assertThat(current.awaitEnd()).as("exit code").isZero();
                assertThat(serving(next, 3))
                        .as("replicas serve at once %s", next.log())
                        .isTrue();
                balancers.remove(current);
                current.close();
                current = next;
            }
            visitors.finish();
            System.err.printf(
                    "%d hand-overs in %d s: %s%n", HAND_OVERS, (System.nanoTime() - begin) / 1_000_000_000, visitors);
            visitors.assertUnharmed();
            assertThat(visitors.kept).hasPositiveValue();
        }
        assertThat(alive().stream().map(ProcessHandle::pid).sorted()).isEqualTo(pids);
        try (Http http = current.http()) {
            assertThat(http.get("/rep").text()).contains("\"S1\",\"S2\",\"S3\"");
        }
    }

    @Test
    void inheritedReplica_thatDies_isReplaced() throws IOException, InterruptedException {
        Balancer old = first("spares=1");
        await().until(() -> old.replicas().size() == 4);
        replicas.clear();
        replicas.addAll(old.replicas());
        Balancer next = next("spares=1");
        assertThat(old.awaitEnd()).isZero();
        assertThat(serving(next, 3)).isTrue();
        assertThat(alive()).as("the spare lives, too").hasSize(4);
        replicas.getFirst().destroyForcibly();
        await().until(() -> !names(next).equals("S1,S2,S3") && serving(next, 3));
        assertThat(names(next)).contains("S").hasSizeGreaterThan("S1,S2".length());
        try (Http http = next.http()) {
            assertThat(http.post("/add", "{\"n\":1,\"hostnames\":[\"mine\"]}").status())
                    .isEqualTo(200);
            assertThat(http.delete("/rm", "{\"n\":1,\"hostnames\":[\"S3\"]}").status())
                    .isEqualTo(200);
        }
        assertThat(names(next)).contains("mine").doesNotContain("S3");
        next.kill();
        await("all replicas end with the last balancer").until(() -> alive().isEmpty());
    }

    private static String names(Balancer balancer) throws IOException {
        try (Http http = balancer.http()) {
            return http.get("/rep").text().replaceAll(".*\\[(.*)].*", "$1").replace("\"", "");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "policy=nonsense, policy",
        "transport=nio, --take-over needs transport=epoll",
        "plugins=none.jar, none.jar",
        "health.path=/nowhere, none of the pool's replicas answered",
    })
    void nextOne_thatCannotServe_leavesTheOldOneUndisturbed(String setting, String reason) throws Exception {
        Balancer old = first();
        try (Visitors visitors = new Visitors(old.port(), 200, true)) {
            Dist.Outcome outcome = Dist.run(dir, Map.of(), arguments("port=0", "admin.port=0", setting));
            assertThat(outcome.code()).isNotZero();
            assertThat(outcome.err()).contains(reason);
            visitors.finish();
            visitors.assertUnharmed();
        }
        keepsThePool(old);
    }

    /** It can change its pool, and all replicas are those that it had. */
    private void keepsThePool(Balancer old) throws IOException {
        await().untilAsserted(() -> {
            try (Http http = old.http()) {
                assertThat(http.post("/add", "{\"n\":1,\"hostnames\":[\"mine\"]}")
                                .status())
                        .isEqualTo(200);
            }
        });
        assertThat(names(old)).isEqualTo("S1,S2,S3,mine");
        assertThat(alive()).hasSize(3);
        assertThat(old.replicas()).hasSize(4);
    }

    @Test
    void nextOne_killedHalfway_leavesTheOldOneUndisturbed() throws Exception {
        Balancer old = first();
        try (Visitors visitors = new Visitors(old.port(), 200, true)) {
            Process next = adopting("health.path=/nowhere");
            next.destroyForcibly().waitFor();
            await().until(() -> logged(old, "handover=undone"));
            visitors.finish();
            visitors.assertUnharmed();
        }
        keepsThePool(old);
        Balancer another = next();
        assertThat(old.awaitEnd()).isZero();
        assertThat(names(another)).isEqualTo("S1,S2,S3,mine");
    }

    @Test
    void oldOne_killedHalfway_isSucceededAllTheSame() throws Exception {
        Balancer old = first();
        for (ProcessHandle replica : replicas) {
            signal("STOP", replica);
        }
        Process next = adopting();
        try {
            old.kill();
            for (ProcessHandle replica : replicas) {
                signal("CONT", replica);
            }
            await().ignoreExceptions().until(() -> serving(old, 3));
            assertThat(alive()).hasSize(3);
        } finally {
            next.destroy();
            next.waitFor();
        }
    }

    /** What it would do to the port and to the replicas when it ends alone would be the next one's end. */
    @Test
    void oldOne_toldToStopHalfway_leavesEverythingToTheNextOne() throws Exception {
        Balancer old = first();
        for (ProcessHandle replica : replicas) {
            signal("STOP", replica);
        }
        Process next = adopting();
        try {
            signal("TERM", old.handle());
            // Alone it would have closed its port by then.
            Thread.sleep(1000);
            for (ProcessHandle replica : replicas) {
                signal("CONT", replica);
            }
            assertThat(old.awaitEnd()).isZero();
            assertThat(serving(old, 3)).as("at the same ports").isTrue();
            assertThat(alive()).hasSize(3);
            try (Visitors visitors = new Visitors(old.port(), 200, false)) {
                await().until(() -> visitors.answered.get() > 200);
                visitors.finish();
                visitors.assertUnharmed();
            }
        } finally {
            next.destroy();
            next.waitFor();
        }
    }

    /** The next one, at the moment in which it has found the replicas and none has answered it yet. */
    private Process adopting(String... more) throws IOException {
        Process next = command(more)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        starting.add(next);
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> Files.readString(log()).contains("reason=adopted"));
        return next;
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void takeOver_whereNobodyRuns_startsAsUsual() throws IOException {
        Balancer balancer = next();
        await().until(() -> serving(balancer, 3));
        replicas.addAll(balancer.replicas());
        assertThat(logged(balancer, "take-over=false")).isTrue();
        try (Stream<Path> files = Files.list(dir.resolve(".ringmaster"))) {
            Path socket = files.filter(file -> file.toString().endsWith(".handover"))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void stop_underNewConnections_answersAllThatWereAccepted() throws IOException, InterruptedException {
        for (int i = 0; i < Math.max(2, HAND_OVERS / 5); i++) {
            Balancer balancer = first();
            try (Visitors visitors = new Visitors(balancer.port(), RATE, false)) {
                await().until(() -> visitors.answered.get() > RATE);
                assertThat(balancer.stop()).isZero();
                visitors.finish();
                System.err.printf("stop: %s%n", visitors);
                assertThat(visitors.lost).as("lost %s", visitors).hasValue(0);
                assertThat(visitors.answered.get() + visitors.refused.get()).isEqualTo(visitors.asked.get());
            }
        }
    }
}
