package dev.ringmaster.lb.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A balancer that is killed takes its replicas with it. */
@Timeout(180)
class UncleanDeathTest {
    @TempDir
    Path directory;

    /** Starts two replicas, prints their process ids, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            ProcessOptions options = new ProcessOptions(List.of("sh", "-c", "echo ringmaster-port 1234; exec cat"));
            ProcessProvider provider = new ProcessProvider(options, Path.of(args[0]), "pool");
            for (int slot = 0; slot < 2; slot++) {
                provider.start(new ReplicaSpec(ReplicaId.random(), "S" + slot, slot), Duration.ofMinutes(1));
            }
            ProcessHandle.current().children().forEach(child -> System.out.println(child.pid()));
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }

    @Test
    void replicas_ofABalancerThatIsKilled_endWithIt() throws Exception {
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> replicas;
        try (var output = owner.inputReader()) {
            replicas = output.lines()
                    .takeWhile(line -> !line.equals("ready"))
                    .filter(line -> line.matches("[0-9]+"))
                    .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                    .toList();
            assertThat(replicas).hasSize(2).allMatch(ProcessHandle::isAlive);
        } finally {
            owner.destroyForcibly().waitFor();
        }
        await().until(() -> replicas.stream().noneMatch(ProcessHandle::isAlive));
    }
}
