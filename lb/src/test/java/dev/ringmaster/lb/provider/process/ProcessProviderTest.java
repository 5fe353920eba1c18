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
@Timeout(180)
class ProcessProviderTest {
    /** Serves nothing, prints a port, and lives as long as somebody holds its input open. */
    private static final String GOOD = "echo starting; echo ringmaster-port 1234; exec cat";

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
    private final List<ProcessProvider> opened = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        opened.forEach(ProcessProvider::close);
        await("children").until(() -> children().isEmpty());
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
        return Objects.requireNonNull(exits.poll(1, TimeUnit.MINUTES), "no exit was told");
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

    /** What a script does once its port is known: of one that ends at once it need not become known. */
    private void startThen(String rest) throws Exception {
        Path go = directory.resolve("go");
        shell("echo ringmaster-port 1234; while [ ! -e " + go + " ]; do sleep 0.05; done; " + rest)
                .start(spec(), DEADLINE);
        Files.createFile(go);
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
        assertThat(provider.list()).containsExactly(running);
        provider.stop(spec.id(), DEADLINE);
        assertThat(provider.list()).isEmpty();
        assertThat(children()).isEmpty();
        assertThat(exits).as("exits of replicas that were stopped").isEmpty();
        provider.stop(spec.id(), DEADLINE);
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
        startThen("for i in $(seq 30); do echo line $i; done; printf 'last \\033[1mwords\\n'; sleep 1; exit 3");
        assertThat(nextExit().reason())
                .startsWith("ended with exit code 3, last output: line 12 | line 13")
                .endsWith("| line 30 | last  [1mwords");
    }

    @Test
    void exit_byKill_isTold() throws Exception {
        shell(GOOD).start(spec(), DEADLINE);
        long before = System.nanoTime();
        children().forEach(ProcessHandle::destroyForcibly);
        assertThat(nextExit()).isEqualTo(new Exit("ended with exit code 137, last output: starting", true));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void exit_whileAChildKeepsTheOutputOpen_isToldAllTheSame() throws Exception {
        startThen("cat & exit 4");
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
        provider.stop(spec.id(), DEADLINE);
        await().until(() -> both.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void start_ofAProcessThatEndsFirst_failsWithItsOutput() {
        assertThatThrownBy(() -> shell("echo cannot bind >&2; sleep 1; exit 7").start(spec(), DEADLINE))
                .isInstanceOf(ProviderException.class)
                .hasMessage("the replica's process ended with exit code 7, last output: cannot bind");
        assertThat(exits).isEmpty();
    }

    @Test
    void start_ofAProcessThatPrintsNoPort_failsInTimeAndLeavesNothing() {
        String noPorts = "echo ringmaster-port; echo ringmaster-port 0; echo ringmaster-port 65536; "
                + "echo ringmaster-port 12x; head -c 5000 /dev/zero | tr '\\0' x; echo; exec cat";
        assertThatThrownBy(() -> shell(noPorts).start(spec(), Duration.ofSeconds(4)))
                .isInstanceOf(ProviderException.class)
                .hasMessageStartingWith("the replica's process printed no port within PT4S, last output: "
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
        await().until(() -> {
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
        assertThat(interrupted.get(1, TimeUnit.MINUTES)).isTrue();
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
                        "the replica's process ended with exit code 127(, last output: .*/no/such/program.*)?");
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
        provider.stop(next.id(), DEADLINE);
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
        // Whoever started this test may have had signals ignored, as nohup does: that is inherited.
        startThen("exec env --default-signal sh -c 'kill -" + signal + " $$; exec cat'");
        assertThat(nextExit().killed()).isEqualTo(killed);
    }

    @Test
    void exit_withALargeCodeOfItsOwn_isNoKill() throws Exception {
        startThen("exit 255");
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
        provider.stop(spec.id(), DEADLINE);
    }

    @Test
    void lifeLine_thatCannotBeMade_isAFailedStart() throws Exception {
        Files.createDirectories(directory.resolve("pool.fifo/occupied"));
        assertThatThrownBy(() -> shell(GOOD).start(spec(), DEADLINE))
                .isInstanceOf(ProviderException.class)
                .hasMessageStartingWith("cannot create ");
    }

    // ---- handed over to another balancer, which is not their parent ----------------------------------------------

    private ProcessProvider inheriting(ProcessProvider old) throws ProviderException {
        ProcessProvider next = new ProcessProvider(new ProcessOptions(List.of("cat")), directory, "pool");
        next.watch(new Exits());
        opened.add(next);
        next.inherit(old.release());
        next.check();
        return next;
    }

    @Test
    void replica_thatIsHandedOver_livesUntilTheLastBalancerEnds() throws Exception {
        ProcessProvider old = shell(GOOD);
        RunningReplica replica = old.start(spec(), DEADLINE);
        ProcessProvider next = inheriting(old);
        assertThat(next.list()).containsExactly(replica);
        long pid = children().getFirst().pid();
        old.close();
        ProcessProvider third = inheriting(next);
        next.close();
        assertThat(third.list()).containsExactly(replica);
        assertThat(children()).hasSize(1);
        await().until(() -> Files.readString(Path.of("/proc/" + pid + "/comm")).equals("cat\n"));
        third.close();
        await().until(() -> children().isEmpty());
        assertThat(nextExit().reason()).startsWith("ended");
    }

    @Test
    void inheritedReplica_thatPrintsAndEnds_isToldWithItsLastWords() throws Exception {
        Path go = directory.resolve("go");
        ProcessProvider old = new ProcessProvider(
                new ProcessOptions(List.of(
                        "sh",
                        "-c",
                        "echo ringmaster-port 1234; while [ ! -e " + go + " ]; do sleep 0.05; done; echo bye")),
                directory,
                "pool");
        opened.add(old);
        old.start(spec(), DEADLINE);
        ProcessProvider next = inheriting(old);
        Files.createFile(go);
        Exit exit = nextExit();
        assertThat(exit.killed()).as("nobody but its parent knows").isFalse();
        // Whichever of the two reads a line, the other does not see.
        assertThat(exit.reason()).isIn("ended", "ended, last output: bye");
        assertThat(next.list()).isEmpty();
    }

    @Test
    void inheritedReplica_isStopped() throws Exception {
        ProcessProvider old = shell(GOOD);
        ReplicaSpec spec = spec();
        old.start(spec, DEADLINE);
        ProcessProvider next = inheriting(old);
        next.stop(spec.id(), DEADLINE);
        assertThat(children()).isEmpty();
        assertThat(next.list()).isEmpty();
    }

    @Test
    void inherit_ofAnotherProcessOfThatNumber_isNone() throws Exception {
        ProcessProvider old = shell(GOOD);
        old.start(spec(), DEADLINE);
        String line = old.release().getFirst();
        ProcessProvider next = shell(GOOD);
        next.inherit(List.of(line.substring(0, line.lastIndexOf(' ')) + " 1"));
        assertThat(next.list()).isEmpty();
        assertThatThrownBy(() -> next.inherit(List.of("nonsense")))
                .isInstanceOf(ProviderException.class)
                .hasMessage("'nonsense' is no local replica");
    }

    @Test
    void inherit_withoutALifeLine_saysSo() {
        assertThatThrownBy(() -> shell(GOOD).inherit(List.of()))
                .isInstanceOf(ProviderException.class)
                .hasMessageStartingWith("cannot share ");
    }
}
