package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final Journal.State OLD = Journal.State.of(List.of(spec(0, "S1")));
    private static final Journal.State NEW = new Journal.State(
            List.of(spec(7, "S8"), spec(0, "S1"), spec(3, "x.y_z-1")),
            List.of(spec(1, "S2"), spec(ReplicaSpec.SPARE, "S9")),
            List.of(spec(0, "leaving-0123456789abcdef"), spec(ReplicaSpec.SPARE, "leaving-spare")),
            List.of(spec(ReplicaSpec.SPARE, "S4")),
            Map.of(7, 2.5, 0, 0.001));

    @TempDir
    Path directory;

    private Journal journal;
    private Path file;

    private static ReplicaSpec spec(int slot, String name) {
        return new ReplicaSpec(ReplicaId.random(), name, slot);
    }

    @BeforeEach
    void open() {
        journal = new Journal(directory, "pool");
        file = directory.resolve("pool.journal");
    }

    @Test
    void journal_neverWritten_isEmpty() throws IOException {
        assertThat(journal.read()).isEmpty();
    }

    @Test
    void journal_written_isReadAsWritten() throws IOException {
        journal.write(OLD);
        journal.write(NEW);
        assertThat(new Journal(directory, "pool").read()).contains(NEW);
        assertThat(new Journal(directory, "other").read()).isEmpty();
    }

    @Test
    void journal_cutAtAnyByte_isNoJournal() throws IOException {
        journal.write(NEW);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(journal.read()).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void journal_withAnyByteChanged_isNeverHalfUnderstood() throws IOException {
        journal.write(OLD);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] = (byte) random.nextInt(256);
            Files.write(file, changed);
            journal.read().ifPresent(state -> assertThat(state.slots()).hasSize(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slot 0 S1",
                "slot 0 S1 0a 0b",
                "slot x S1 0a",
                "slot -1 S1 0a",
                "spare -2 S1 0a",
                "slot 99999999999 S1 0a",
                "slot 0 S1 ",
                "slot 0 ? 0a",
                "seat 0 S1 0a",
                "",
                "slot 0 S1 0a\nslot 0 S2 0b",
                "slot 0 S1 0a\nslot 1 S1 0b"
            })
    void journal_withALineThatMakesNoSense_isNoJournal(String lines) throws IOException {
        String text = "ringmaster-journal 1\n" + lines + "\nend\n";
        Files.writeString(file, text);
        assertThat(journal.read()).isEmpty();
        assertThat(directory.resolve("pool.journal.unreadable")).hasContent(text);
    }

    @Test
    void crash_whileTheNextOneWasWritten_leavesTheOldInForce() throws IOException {
        journal.write(OLD);
        Files.writeString(directory.resolve("pool.journal.next"), "ringmaster-journal 1\nslot 0 S");
        assertThat(journal.read()).contains(OLD);
        journal.write(NEW);
        assertThat(journal.read()).contains(NEW);
        assertThat(directory.resolve("pool.journal.next")).doesNotExist();
    }

    @Test
    void write_thatFails_leavesTheOldInForce() throws IOException {
        journal.write(OLD);
        Files.createDirectory(directory.resolve("pool.journal.next"));
        assertThatThrownBy(() -> journal.write(NEW)).isInstanceOf(IOException.class);
        assertThat(journal.read()).contains(OLD);
    }
}
