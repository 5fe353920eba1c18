package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdoptionTest {
    private static ReplicaSpec spec(int slot, String name) {
        return new ReplicaSpec(ReplicaId.random(), name, slot);
    }

    private static RunningReplica running(ReplicaSpec spec) {
        return new RunningReplica(spec, new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
    }

    @Test
    void replicas_journaledAndFound_keepTheirSeatsInTheJournalsOrder() {
        ReplicaSpec four = spec(4, "S5");
        ReplicaSpec zero = spec(0, "S1");
        Adoption adoption =
                Adoption.of(Journal.State.of(List.of(four, zero)), List.of(running(zero), running(four)), 0);
        assertThat(adoption.seats()).containsExactly(four, zero);
        assertThat(adoption.occupant(four)).contains(running(four));
        assertThat(adoption.occupant(zero)).contains(running(zero));
        assertThat(adoption.rest()).isEmpty();
    }

    @Test
    void replica_journaledInASeatItWasNotBornFor_keepsTheJournalsSeat() {
        ReplicaSpec spare = spec(ReplicaSpec.SPARE, "S-spare");
        ReplicaSpec seated = new ReplicaSpec(spare.id(), spare.name(), 2);
        Adoption adoption = Adoption.of(Journal.State.of(List.of(seated)), List.of(running(spare)), 0);
        assertThat(adoption.seats()).containsExactly(seated);
        assertThat(adoption.occupant(seated)).contains(running(seated));
    }

    @Test
    void replica_onItsWayToAnEmptySeat_takesIt() {
        ReplicaSpec dead = spec(1, "S2");
        ReplicaSpec successor = spec(1, "S-new");
        Adoption adoption = Adoption.of(
                new Journal.State(List.of(dead), List.of(successor), List.of(), List.of()),
                List.of(running(successor)),
                0);
        assertThat(adoption.seats()).containsExactly(successor);
        assertThat(adoption.occupant(successor)).isPresent();
    }

    @Test
    void replicas_ofChangesNotFinished_areEnded() {
        ReplicaSpec seated = spec(0, "S1");
        ReplicaSpec added = spec(1, "S2");
        ReplicaSpec removed = spec(2, "S3");
        ReplicaSpec orphan = spec(0, "S-orphan");
        Adoption adoption = Adoption.of(
                new Journal.State(List.of(seated), List.of(added), List.of(removed), List.of()),
                List.of(running(added), running(removed), running(seated), running(orphan)),
                0);
        assertThat(adoption.seats()).containsExactly(seated);
        assertThat(adoption.rest()).containsExactly(running(added), running(removed), running(orphan));
    }

    @Test
    void seat_whoseReplicaIsGone_staysAndIsEmpty() {
        ReplicaSpec gone = spec(3, "S4");
        Adoption adoption = Adoption.of(Journal.State.of(List.of(gone)), List.of(), 0);
        assertThat(adoption.seats()).containsExactly(gone);
        assertThat(adoption.occupant(gone)).isEmpty();
    }

    @Test
    void replicas_ofOneName_areNotBothTakenWithoutAJournal() {
        ReplicaSpec removed = spec(0, "S1");
        ReplicaSpec added = spec(1, "S1");
        Adoption adoption = Adoption.withoutJournal(List.of(running(removed), running(added)));
        assertThat(adoption.seats()).containsExactly(removed);
        assertThat(adoption.rest()).containsExactly(running(added));
    }

    @Test
    void spares_waitOnAsManyAsAreWanted_andThoseOnTheirWayToo() {
        ReplicaSpec waiting = spec(ReplicaSpec.SPARE, "S-a");
        ReplicaSpec starting = spec(ReplicaSpec.SPARE, "S-b");
        ReplicaSpec tooMany = spec(ReplicaSpec.SPARE, "S-c");
        ReplicaSpec orphan = spec(ReplicaSpec.SPARE, "S-d");
        Adoption adoption = Adoption.of(
                new Journal.State(List.of(), List.of(starting, tooMany), List.of(), List.of(waiting)),
                List.of(running(orphan), running(tooMany), running(starting), running(waiting)),
                2);
        assertThat(adoption.spares()).containsExactly(running(waiting), running(starting));
        assertThat(adoption.rest()).containsExactly(running(orphan), running(tooMany));
    }

    @Test
    void spare_takesASeatWhoseReplicaIsGone() {
        ReplicaSpec gone = spec(0, "S1");
        ReplicaSpec there = spec(1, "S2");
        ReplicaSpec spare = spec(ReplicaSpec.SPARE, "S-a");
        Adoption adoption = Adoption.of(
                new Journal.State(List.of(gone, there), List.of(), List.of(), List.of(spare)),
                List.of(running(there), running(spare)),
                1);
        ReplicaSpec seated = new ReplicaSpec(spare.id(), "S-a", 0);
        assertThat(adoption.seats()).containsExactly(seated, there);
        assertThat(adoption.occupant(seated)).contains(running(seated));
        assertThat(adoption.spares()).isEmpty();
    }

    @Test
    void replicas_withoutAJournal_takeTheirBirthSeatsAndTheLowestFreeOnes() {
        ReplicaSpec two = spec(2, "S3");
        ReplicaSpec again = spec(2, "S9");
        ReplicaSpec zero = spec(0, "S1");
        ReplicaSpec spare = spec(ReplicaSpec.SPARE, "S-spare");
        Adoption adoption =
                Adoption.withoutJournal(List.of(running(two), running(again), running(spare), running(zero)));
        assertThat(adoption.seats()).extracting(ReplicaSpec::slot).containsExactly(0, 1, 2, 3);
        assertThat(adoption.seats()).extracting(ReplicaSpec::name).containsExactly("S1", "S-spare", "S3", "S9");
        assertThat(adoption.rest()).isEmpty();
    }
}
