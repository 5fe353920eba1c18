package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.provider.fixed.FixedProvider;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Replicas at fixed addresses: watched like all others, never replaced, never written down. */
class FixedPoolTest {
    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedControl control = new SimulatedControl(time, new Random(1));
    private final SimulatedFile file = new SimulatedFile();
    private final ReplicaRegistry registry = new ReplicaRegistry();
    private final Map<Integer, ProbeResult> answers = new HashMap<>();

    private ReplicaSupervisor supervisor(String... addresses) {
        FixedOptions options = new FixedOptions(
                List.of(addresses).stream().map(HostAndPort::fromString).toList());
        return new ReplicaSupervisor(
                new ReplicaSupervisor.Parts(
                        control,
                        new FixedProvider(options),
                        (address, health, outcome) -> {
                            ProbeResult result = answers.getOrDefault(address.getPort(), ProbeResult.ALIVE);
                            Duration after = result == ProbeResult.SILENT ? health.timeout() : Duration.ofMillis(1);
                            time.after(after, () -> outcome.accept(result));
                        },
                        registry,
                        new Journal(file),
                        _ -> CompletableFuture.completedStage(null),
                        1,
                        new Random(2)),
                new LifecycleOptions(
                        "test", 9, 9, 0, Duration.ofSeconds(5), Duration.ofSeconds(3), Path.of("unused"), false),
                SimulatedBalancer.HEALTH);
    }

    private void run(Duration duration) {
        time.run(duration);
        control.check();
    }

    private List<ReplicaState> states() {
        return registry.current().slots().stream().map(Slot::state).toList();
    }

    @Test
    void replicas_serveAtOnceAndAreEjectedAndBackAsTheirHeartbeatsSay() {
        ReplicaSupervisor supervisor = supervisor("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
        CompletionStage<Void> started = supervisor.start();
        run(Duration.ofMillis(10));
        assertThat(started.toCompletableFuture()).isCompleted();
        assertThat(registry.current().names()).containsExactly("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
        List<Replica> first = registry.current().serving();
        assertThat(first).hasSize(3);
        answers.put(1, ProbeResult.REFUSED);
        answers.put(2, ProbeResult.SILENT);
        run(Duration.ofSeconds(60));
        assertThat(states()).containsExactly(ReplicaState.DOWN, ReplicaState.DOWN, ReplicaState.UP);
        answers.clear();
        run(Duration.ofSeconds(2));
        assertThat(registry.current().serving()).isEqualTo(first);
        assertThat(file.writes).isZero();
    }

    @Test
    void changes_areRefusedAndTheStopIsImmediate() {
        ReplicaSupervisor supervisor = supervisor("127.0.0.1:1");
        PoolChanges changes = new PoolChanges(control, supervisor, registry, new Random(3));
        supervisor.start();
        run(Duration.ofSeconds(1));
        var change = changes.remove(1, List.of(), false).toCompletableFuture();
        run(Duration.ofMillis(1));
        assertThat(change.exceptionNow()).hasMessage("The fixed provider cannot add or remove replicas");
        CompletionStage<Void> stopped = supervisor.stop();
        run(Duration.ofMillis(1));
        assertThat(stopped.toCompletableFuture()).isCompleted();
    }

    private CompletableFuture<Void> takenOver(String... addresses) {
        ReplicaSupervisor supervisor = supervisor(addresses);
        new PoolHandover(control, supervisor).holdFromTheStart();
        return supervisor.start().toCompletableFuture();
    }

    @Test
    void takeOver_waitsUntilEachHasAnsweredOrIsKnownToBeDown() {
        answers.put(2, ProbeResult.SILENT);
        CompletableFuture<Void> started = takenOver("127.0.0.1:1", "127.0.0.1:2");
        run(Duration.ofMillis(100));
        assertThat(started).isNotDone();
        run(Duration.ofSeconds(5));
        assertThat(started).isCompleted();
        assertThat(states()).containsExactly(ReplicaState.UP, ReplicaState.DOWN);
    }

    @Test
    void takeOver_ofReplicasThatAllAnswer_waitsNoLonger() {
        CompletableFuture<Void> started = takenOver("127.0.0.1:1", "127.0.0.1:2");
        run(Duration.ofMillis(100));
        assertThat(started).isCompleted();
    }

    @Test
    void takeOver_whereNobodyAnswers_fails() {
        answers.put(1, ProbeResult.REFUSED);
        CompletableFuture<Void> started = takenOver("127.0.0.1:1");
        run(ReplicaSupervisor.PROBING.plusSeconds(1));
        assertThat(started.exceptionNow()).hasMessageContaining("none of the pool's replicas answered");
    }

    @Test
    void start_withAnAddressThatCannotBe_fails() {
        CompletionStage<Void> started = supervisor("a.invalid:1").start();
        run(Duration.ofMillis(10));
        assertThat(started.toCompletableFuture().exceptionNow()).hasMessageContaining("a.invalid");
    }
}
