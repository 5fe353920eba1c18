package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.lifecycle.SimulatedFile.Write;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same life of a pool again and again: the first call that starts or stops a replica or writes the journal fails, then
 * the second one, and so on until a life is over before its turn comes. Each life must end as it should.
 */
class EveryCallFailsTest {
    private static final int MOST_CALLS = 200;

    /** How a call fails. */
    enum Failure {
        AT_ONCE(Start.FAIL, Write.FAIL_BEFORE),
        /** What was asked for has happened, or will never be known to have. */
        LATE(Start.HANG, Write.FAIL_AFTER),
        /** With what nobody should throw, or with a replica that does not live. */
        OTHERWISE(Start.BREAK, Write.FAIL_BEFORE),
        DEAD(Start.DIE, Write.FAIL_AFTER),
        MUTE(Start.MUTE, Write.FAIL_BEFORE);

        final Start start;
        final Write write;

        Failure(Start start, Write write) {
            this.start = start;
            this.write = write;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nthCall_failing_neverHangsNorLosesCount(Failure failure) throws IOException {
        int nth = 1;
        while (new Life(nth, failure).play()) {
            nth++;
            assertThat(nth).as("calls").isLessThan(MOST_CALLS);
        }
        assertThat(nth).as("calls that failed in turn").isGreaterThan(10);
    }

    private static final class Life {
        private static final int REPLICAS = 3;

        private final int nth;
        private final Failure failure;
        private final SimulatedFile file = new SimulatedFile();
        private final SimulatedBalancer balancer;
        private int calls;
        private int target = REPLICAS;

        Life(int nth, Failure failure) {
            this.nth = nth;
            this.failure = failure;
            this.balancer = new SimulatedBalancer(new SimulatedTime(), file, new Random(nth), REPLICAS);
            balancer.replicas.nextStart = () -> fails() ? failure.start : Start.WELL;
            balancer.replicas.stopFails = this::fails;
            file.nextWrite = () -> fails() ? failure.write : Write.WELL;
        }

        private boolean fails() {
            return ++calls == nth;
        }

        /** Whether the call that had to fail was made. */
        boolean play() throws IOException {
            balancer.supervisor.start();
            balancer.run(Duration.ofSeconds(2));
            change(true, 2);
            balancer.set().serving().stream().findFirst().ifPresent(replica -> balancer.replicas.die(replica.id()));
            balancer.run(Duration.ofSeconds(2));
            change(false, 1);
            balancer.run(Duration.ofMinutes(4));
            assertWhole();
            CompletableFuture<Void> stopped = balancer.stop().toCompletableFuture();
            balancer.run(Duration.ofMinutes(1));
            assertThat(stopped).as("%s", this).isCompleted();
            assertThat(balancer.replicas.alive).as("%s", this).isEmpty();
            return calls >= nth;
        }

        private void change(boolean adds, int n) {
            CompletableFuture<ReplicaSet> asked = (adds
                            ? balancer.changes.add(n, List.of())
                            : balancer.changes.remove(n, List.of(), false))
                    .toCompletableFuture();
            balancer.run(Duration.ofMinutes(4));
            assertThat(asked).as("%s answered", this).isDone();
            if (asked.isCompletedExceptionally()) {
                assertThat(asked.handle((_, cause) -> cause instanceof CompletionException ? cause.getCause() : cause)
                                .join())
                        .as("%s", this)
                        .isInstanceOf(ControlException.class);
            } else {
                target += adds ? n : -n;
            }
        }

        private void assertWhole() throws IOException {
            ReplicaSet set = balancer.set();
            assertThat(set.target()).as("%s", this).isEqualTo(target);
            assertThat(set.slots()).extracting(Slot::state).as("%s", this).containsOnly(ReplicaState.UP);
            assertThat(balancer.replicas.alive.keySet())
                    .as("%s", this)
                    .containsExactlyInAnyOrderElementsOf(
                            set.serving().stream().map(Replica::id).toList());
            assertThat(new Journal(file).read().orElseThrow().slots())
                    .as("%s on disk", this)
                    .extracting(ReplicaSpec::slot)
                    .containsExactlyElementsOf(
                            set.slots().stream().map(Slot::index).toList());
        }

        @Override
        public String toString() {
            return "call " + nth + " fails " + failure;
        }
    }
}
