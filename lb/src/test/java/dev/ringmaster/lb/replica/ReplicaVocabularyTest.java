package dev.ringmaster.lb.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that describe the pool. */
class ReplicaVocabularyTest {
    private static Replica replica(String name, int slot) {
        return new Replica(ReplicaId.random(), name, slot, new InetSocketAddress(1), new InFlight(1));
    }

    @ParameterizedTest
    @CsvSource({
        "STARTING, UP DEAD FAILED",
        "UP, EJECTED DOWN DEAD",
        "EJECTED, UP DOWN DEAD",
        "DOWN, UP EJECTED DEAD",
        "DEAD, STARTING FAILED",
        "FAILED, STARTING",
    })
    void state_movesOnlyWhereItMay(ReplicaState from, String to) {
        assertThat(Stream.of(ReplicaState.values())
                        .filter(next -> from.canBecome(next))
                        .map(Enum::name))
                .containsExactlyInAnyOrderElementsOf(Splitter.on(' ').split(to));
    }

    @Test
    void state_recovers_unlessAnOperatorIsNeeded() {
        assertThat(Stream.of(ReplicaState.values()).filter(ReplicaState::recovering))
                .containsExactly(ReplicaState.STARTING, ReplicaState.EJECTED, ReplicaState.DOWN, ReplicaState.DEAD);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void inFlight_withAWriterOnEveryLoop_losesNothing(int loops) throws InterruptedException {
        int requests = 200_000;
        InFlight inFlight = new InFlight(loops);
        List<Thread> writers = IntStream.range(0, loops)
                .mapToObj(loop -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < requests; i++) {
                        inFlight.begin(loop);
                        if (i % 4 != loop) {
                            inFlight.end(loop);
                        }
                    }
                }))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(inFlight.sum()).isEqualTo((long) loops * requests / 4);
    }

    @Test
    void replica_isItsIdentityWhateverItIsCalled() {
        Replica replica = replica("S1", 3);
        Replica renamed = replica.renamed("leaving");
        assertThat(renamed).isEqualTo(replica).hasSameHashCodeAs(replica).isNotEqualTo(replica("S1", 3));
        assertThat(renamed.name()).isEqualTo("leaving");
        assertThat(renamed.inFlight()).isSameAs(replica.inFlight());
        assertThat(replica("spare", -1).in(2))
                .extracting(Replica::slot, Replica::name)
                .containsExactly(2, "spare");
        assertThatThrownBy(() -> replica("S1", -2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void replicaId_isSixteenHexadecimalDigitsAndNeverEmpty() {
        assertThat(ReplicaId.random().toString()).matches("[0-9a-f]{16}");
        assertThat(ReplicaId.random()).isNotEqualTo(ReplicaId.random());
        assertThatThrownBy(() -> new ReplicaId("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void slot_thatIsUp_hasAReplicaAndServesIt() {
        Slot empty = new Slot(1, 1, "S2", ReplicaState.DEAD, null);
        assertThat(empty.serving()).isNull();
        Slot up = empty.occupiedBy(replica("S-new", 1), ReplicaState.UP);
        assertThat(up.name()).isEqualTo("S-new");
        assertThat(up.serving()).isSameAs(up.replica());
        assertThat(up.in(ReplicaState.DOWN).serving()).isNull();
        assertThatThrownBy(() -> empty.in(ReplicaState.UP)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Slot(1, 0, "S2", ReplicaState.DEAD, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void set_knowsItsTargetNamesAndThoseThatServe() {
        Replica replica = replica("S2", 1);
        Slot dead = new Slot(0, 1, "S1", ReplicaState.DEAD, null);
        Slot up = new Slot(1, 1, "S2", ReplicaState.UP, replica);
        ReplicaSet set = new ReplicaSet(List.of(up, dead), List.of());
        assertThat(set.target()).isEqualTo(2);
        assertThat(set.names()).containsExactly("S2", "S1");
        assertThat(set.serving()).containsExactly(replica);
        assertThatThrownBy(() -> new ReplicaSet(List.of(up, up), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        ReplicaRegistry registry = new ReplicaRegistry();
        assertThat(registry.current()).isEqualTo(ReplicaSet.EMPTY);
        registry.publish(set);
        assertThat(registry.current()).isSameAs(set);
    }
}
