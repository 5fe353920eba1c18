package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ringmaster.lb.lifecycle.ControlException.Kind;
import dev.ringmaster.lb.lifecycle.SimulatedReplicas.Start;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever runs the replicas does not answer for a while, in simulated time. */
class OutageTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Availability.class);

    private final SimulatedBalancer balancer = SimulatedBalancer.serving(2);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.detachAppender(log);
    }

    private void assertSaidOnce() {
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
    }

    private CompletableFuture<ReplicaSet> add(String... names) {
        return balancer.changes.add(names.length, List.of(names)).toCompletableFuture();
    }

    private static void assertUnavailable(CompletableFuture<ReplicaSet> change) {
        assertThat(change).isCompletedExceptionally();
        assertThat(change.exceptionNow()).isInstanceOf(ControlException.class);
        assertThat(((ControlException) change.exceptionNow()).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void outage_thatTheProviderKnowsOf_isNoCrashLoopAndEndsByItself() {
        balancer.replicas.available = false;
        balancer.replicas.die(balancer.replica(0).id());
        balancer.run(Duration.ofMinutes(2));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.DEAD);
        assertThat(balancer.set().serving()).hasSize(1);
        balancer.replicas.available = true;
        balancer.run(Duration.ofSeconds(2));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertSaidOnce();
    }

    @Test
    void outage_thatOnlyCallsTellOf_isWaitedForWithoutPilingUp() {
        balancer.replicas.unanswered = true;
        balancer.replicas.die(balancer.replica(0).id());
        int[] starts = {0};
        balancer.replicas.beforeStart = _ -> starts[0]++;
        balancer.run(Duration.ofMinutes(10));
        assertThat(starts[0])
                .as("what is not known to have ended is not started again")
                .isEqualTo(1);
        balancer.replicas.unanswered = false;
        balancer.run(Duration.ofSeconds(3));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
        assertThat(balancer.replicas.alive).hasSize(2);
        assertSaidOnce();
    }

    @Test
    void changes_whileTheProviderKnowsOfAnOutage_areTurnedAwayAtOnce() {
        balancer.replicas.available = false;
        CompletableFuture<ReplicaSet> add = add("a1");
        CompletableFuture<ReplicaSet> remove =
                balancer.changes.remove(1, List.of(), false).toCompletableFuture();
        balancer.run(Duration.ofMillis(10));
        assertUnavailable(add);
        assertUnavailable(remove);
        assertThat(balancer.set().names()).containsExactly("S1", "S2");
    }

    @Test
    void add_whoseStartGetsNoAnswer_answersSoonAndLeavesNothing() {
        balancer.replicas.unanswered = true;
        CompletableFuture<ReplicaSet> add = add("a1", "a2");
        balancer.run(Duration.ofSeconds(1));
        assertUnavailable(add);
        balancer.replicas.unanswered = false;
        balancer.run(Duration.ofSeconds(5));
        assertThat(balancer.replicas.alive).hasSize(2);
        CompletableFuture<ReplicaSet> again = add("a1", "a2");
        balancer.run(Duration.ofSeconds(1));
        assertThat(again.join().names()).containsExactly("S1", "S2", "a1", "a2");
    }

    @Test
    void add_underWayWhenAnOutageBegins_answersSoonAndLeavesNothing() {
        balancer.replicas.nextStart = () -> Start.HANG;
        CompletableFuture<ReplicaSet> add = add("a1");
        balancer.run(Duration.ofSeconds(1));
        balancer.replicas.available = false;
        balancer.run(Duration.ofSeconds(1));
        assertUnavailable(add);
        balancer.replicas.available = true;
        balancer.run(Duration.ofSeconds(5));
        assertThat(balancer.replicas.alive).hasSize(2);
    }

    @Test
    void start_thatIsLateInAnOutage_isNoEarlyDeath() {
        balancer.replicas.nextStart = () -> Start.HANG;
        balancer.replicas.die(balancer.replica(0).id());
        balancer.run(Duration.ofSeconds(1));
        balancer.replicas.available = false;
        balancer.run(Duration.ofMinutes(5));
        assertThat(balancer.state(0)).isNotEqualTo(ReplicaState.FAILED);
        balancer.replicas.nextStart = () -> Start.WELL;
        balancer.replicas.available = true;
        balancer.run(Duration.ofSeconds(3));
        assertThat(balancer.state(0)).isEqualTo(ReplicaState.UP);
    }

    @Test
    void add_ofANameThatSomebodyElseHas_isTheCallersFault() {
        balancer.replicas.takenNames.add("foreign");
        CompletableFuture<ReplicaSet> add = add("mine", "foreign");
        balancer.run(Duration.ofSeconds(1));
        assertThat(add.exceptionNow()).hasMessage("Hostname 'foreign' already exists");
        assertThat(((ControlException) add.exceptionNow()).kind()).isEqualTo(Kind.REFUSED);
        assertThat(balancer.replicas.alive).hasSize(2);
    }
}
