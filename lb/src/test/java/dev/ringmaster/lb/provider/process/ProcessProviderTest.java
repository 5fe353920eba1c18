package dev.ringmaster.lb.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaProvider.Exit;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real child processes: small shell scripts that behave well or badly. */
@Timeout(60)
class ProcessProviderTest {
    /** Serves nothing, prints a port, and lives as long as somebody holds its input open. */
    private static final String GOOD = "echo starting; echo ringmaster-port 1234; exec cat";

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
    private final List<ProcessProvider> opened = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        opened.forEach(ProcessProvider::close);
        await("children").atMost(Duration.ofSeconds(10)).until(() -> children().isEmpty());
    }

    /** Of local replicas nothing else is told. */
    private final class Exits implements ReplicaProvider.Events {
        @Override
        public void exited(ReplicaId id, Exit exit) {
            exits.add(exit);
        }

        @Override
        public void ending(ReplicaId id, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void suspended(ReplicaId id, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void doubted(ReplicaId id, String reason) {
            throw new AssertionError(reason);
        }
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
    }

    private Exit nextExit() throws InterruptedException {
        return Objects.requireNonNull(exits.poll(10, TimeUnit.SECONDS), "no exit was told");
    }

    private ProcessProvider shell(String script) {
        return command("sh", "-c", script);
    }

    private ProcessProvider command(String... command) {
        ProcessProvider provider = new ProcessProvider(new ProcessOptions(List.of(command)), directory, "pool");
        provider.watch(new Exits());
        opened.add(provider);
        return provider;
    }

    private static ReplicaSpec spec() {
        return new ReplicaSpec(ReplicaId.random(), "S1", 0);
    }

    @Test
    void start_ofAReplicaThatPrintsItsPort_knowsItsAddress() throws Exception {
        ProcessProvider provider = shell(GOOD);
        provider.check();
        ReplicaSpec spec = spec();
        RunningReplica running = provider.start(spec, DEADLINE);
        assertThat(running.spec()).isEqualTo(spec);
        assertThat(running.address().getPort()).isEqualTo(1234);
        assertThat(running.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(provider.managed()).isTrue();
        assertThat(provider.list()).isEmpty();
        provider.stop(spec.id(), Duration.ofSeconds(10));
        assertThat(children()).isEmpty();
        assertThat(exits).as("exits of replicas that were stopped").isEmpty();
        provider.stop(spec.id(), Duration.ofSeconds(10));
    }

    @Test
    void command_hasItsPlaceholdersFilledIn() throws Exception {
        Path seen = directory.resolve("seen");
        ProcessProvider provider =
                command("sh", "-c", "echo \"$0 $1 $SERVER_ID\" > " + seen + "; " + GOOD, "{id}", "port={port}");
        provider.start(spec(), DEADLINE);
        assertThat(seen).hasContent("S1 port=0 S1");
    }

    @Test
    void exit_isToldAtOnceWithCodeAndLastOutput() throws Exception {
        ProcessProvider provider = shell("echo ringmaster-port 1234; for i in $(seq 30); do echo line $i; done; "
                + "printf 'last \\033[1mwords'; exit 3");
        provider.start(spec(), DEADLINE);
        String reason = nextExit().reason();
        assertThat(reason)
                .startsWith("ended with exit code 3, last output: line 12 | line 13")
                .endsWith("| line 30 | last  [1mwords");
    }

    @Test
    void exit_byKill_isTold() throws Exception {
        ProcessProvider provider = shell(GOOD);
        provider.start(spec(), DEADLINE);
        long before = System.nanoTime();
        children().forEach(ProcessHandle::destroyForcibly);
        assertThat(nextExit()).isEqualTo(new Exit("ended with exit code 137, last output: starting", true));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void exit_whileAChildKeepsTheOutputOpen_isToldAllTheSame() throws Exception {
        ProcessProvider provider = shell("echo ringmaster-port 1234; cat & exit 4");
        provider.start(spec(), DEADLINE);
        assertThat(nextExit()).isEqualTo(new Exit("ended with exit code 4", false));
    }

    @Test
    void stop_ofAReplicaThatIgnoresTheSignal_forcesItAfterItsGrace() throws Exception {
        ProcessProvider provider = shell("trap '' TERM; echo ringmaster-port 1234; while read -r l; do :; done");
        ReplicaSpec spec = spec();
        provider.start(spec, DEADLINE);
        long before = System.nanoTime();
        provider.stop(spec.id(), Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(children()).isEmpty();
    }

    @Test
    void stop_ofAReplicaBehindAScript_endsBoth() throws Exception {
        ProcessProvider provider = shell("echo ringmaster-port 1234; cat; true");
        ReplicaSpec spec = spec();
        provider.start(spec, DEADLINE);
        await().until(() -> ProcessHandle.current().descendants().count() == 2);
        List<ProcessHandle> both = ProcessHandle.current().descendants().toList();
        provider.stop(spec.id(), Duration.ofSeconds(5));
        await().atMost(Duration.ofSeconds(10)).until(() -> both.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void start_ofAProcessThatEndsFirst_failsWithItsOutput() {
        assertThatThrownBy(() -> shell("echo cannot bind >&2; exit 7").start(spec(), DEADLINE))
                .isInstanceOf(ProviderException.class)
                .hasMessage("the replica's process ended with exit code 7, last output: cannot bind");
        assertThat(exits).isEmpty();
    }

    @Test
    void start_ofAProcessThatPrintsNoPort_failsInTimeAndLeavesNothing() {
        String noPorts = "echo ringmaster-port; echo ringmaster-port 0; echo ringmaster-port 65536; "
                + "echo ringmaster-port 12x; head -c 5000 /dev/zero | tr '\\0' x; echo; exec cat";
        assertThatThrownBy(() -> shell(noPorts).start(spec(), Duration.ofMillis(700)))
                .isInstanceOf(ProviderException.class)
                .hasMessageStartingWith("the replica's process printed no port within PT0.7S, last output: "
                        + "ringmaster-port | ringmaster-port 0 | ringmaster-port 65536 | ringmaster-port 12x | xxx")
                .extracting(failure -> failure.getMessage().length())
                .satisfies(length -> assertThat(length).isLessThan(1300));
        assertThat(children()).isEmpty();
        assertThat(exits).isEmpty();
    }

    @Test
    void start_thatIsStoppedFromOutside_failsAtOnceAndLeavesNothing() {
        ProcessProvider provider = shell("exec cat");
        ReplicaSpec spec = spec();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                provider.start(spec, DEADLINE);
            } catch (ProviderException | InterruptedException failed) {
                failure.complete(failed);
            }
        });
        await().until(() -> !children().isEmpty());
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            provider.stop(spec.id(), Duration.ZERO);
            return failure.isDone();
        });
        assertThat(failure.join()).hasMessage("the replica's process ended with exit code 137");
        assertThat(children()).isEmpty();
    }

    @Test
    void start_thatIsInterrupted_leavesNothing() throws Exception {
        ProcessProvider provider = shell("exec cat");
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread starting = Thread.ofVirtual().start(() -> {
            try {
                provider.start(spec(), DEADLINE);
            } catch (InterruptedException stopped) {
                interrupted.complete(true);
            } catch (ProviderException failed) {
                interrupted.completeExceptionally(failed);
            }
        });
        await().until(() -> !children().isEmpty());
        starting.interrupt();
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> children().isEmpty());
    }

    @Test
    void command_thatDoesNotExist_isFoundOutByCheckAndByStart() throws Exception {
        assertThatThrownBy(() -> command("/no/such/program").check())
                .isInstanceOf(ProviderException.class)
                .hasMessage("provider-process.command: '/no/such/program' is not an executable file");
        assertThatThrownBy(() -> command("no-such-program-anywhere").check()).isInstanceOf(ProviderException.class);
        command("sh").check();
        assertThatThrownBy(() -> command("/no/such/program").start(spec(), DEADLINE))
                .isInstanceOf(ProviderException.class)
                .hasMessageMatching(
                        "the replica's process ended with exit code 127, last output: .*/no/such/program.*");
        assertThatThrownBy(() -> new ProcessOptions(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void close_endsWhatStillRunsAndNothingStartsAfterwards() throws Exception {
        ProcessProvider provider = shell(GOOD);
        provider.start(spec(), DEADLINE);
        provider.close();
        assertThat(nextExit().reason()).startsWith("ended with exit code 0");
        assertThatThrownBy(() -> provider.start(spec(), DEADLINE))
                .isInstanceOf(ProviderException.class)
                .hasMessage("the balancer is stopping");
    }

    @Test
    void lifeLine_ofTheNextBalancer_endsWhatDidNotEndWithTheLastOne() throws Exception {
        Files.writeString(directory.resolve("pool.fifo"), "in the way");
        ProcessProvider last = shell("echo ringmaster-port 1234; exec sleep 1000");
        last.start(spec(), DEADLINE);
        last.close();
        ReplicaSpec next = spec();
        ProcessProvider provider = shell(GOOD);
        provider.start(next, DEADLINE);
        assertThat(nextExit()).isEqualTo(new Exit("ended with exit code 137", true));
        provider.stop(next.id(), Duration.ofSeconds(10));
    }

    @Test
    void check_endsWhatHangsOnALineThatSomebodyDeleted() throws Exception {
        ProcessProvider last = shell("echo ringmaster-port 1234; exec sleep 1000");
        last.start(spec(), DEADLINE);
        last.close();
        Files.delete(directory.resolve("pool.fifo"));
        shell(GOOD).check();
        assertThat(nextExit()).isEqualTo(new Exit("ended with exit code 137", true));
    }

    @ParameterizedTest
    @CsvSource({"KILL, true", "TERM, true", "INT, true", "HUP, true", "SEGV, false", "ABRT, false"})
    void exit_bySignal_isAKillIfSomebodySentIt(String signal, boolean killed) throws Exception {
        ProcessProvider provider = shell("echo ringmaster-port 1234; kill -" + signal + " $$; exec cat");
        provider.start(spec(), DEADLINE);
        assertThat(nextExit().killed()).isEqualTo(killed);
    }

    @Test
    void exit_withALargeCodeOfItsOwn_isNoKill() throws Exception {
        shell("echo ringmaster-port 1234; exit 255").start(spec(), DEADLINE);
        assertThat(nextExit()).isEqualTo(new Exit("ended with exit code 255", false));
    }

    @Test
    void replica_leadsASessionOfItsOwn_soThatNoTerminalReachesIt() throws Exception {
        ProcessProvider provider = shell(GOOD);
        ReplicaSpec spec = spec();
        provider.start(spec, DEADLINE);
        long pid = children().getFirst().pid();
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
        assertThat(session).isEqualTo(String.valueOf(pid));
        provider.stop(spec.id(), Duration.ofSeconds(10));
    }

    @Test
    void lifeLine_thatCannotBeMade_isAFailedStart() throws Exception {
        Files.createDirectories(directory.resolve("pool.fifo/occupied"));
        assertThatThrownBy(() -> shell(GOOD).start(spec(), DEADLINE))
                .isInstanceOf(ProviderException.class)
                .hasMessageStartingWith("cannot create ");
    }
}
