package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pool is meant to be, on disk: the authority after a restart. Every write replaces the whole file by an atomic
 * rename and is on disk when it returns; a file without its last line was never in force.
 *
 * <pre>
 * ringmaster-journal 1
 * slot 0 S1 2f1c09aa51b7d3e0        number, host name and id of a seat's replica, in the order of opening
 * intent 3 S4 91bd6a3c00f2e877      a replica that is being added and does not belong to the pool yet
 * leaving 2 S3 5a0d11ce98e1b2f4     a replica that was removed and has not ended yet
 * end
 * </pre>
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String FIRST = "ringmaster-journal 1";
    private static final String LAST = "end";

    private final Path file;

    public Journal(Path stateDir, String pool) {
        this.file = stateDir.resolve(pool + ".journal");
    }

    /**
     * The pool as written.
     *
     * @param slots replicas in the order in which their seats were opened; their number is N
     * @param intents replicas of an addition that was not acknowledged: to be undone
     * @param leaving replicas of an acknowledged removal: to be ended
     */
    public record State(List<ReplicaSpec> slots, List<ReplicaSpec> intents, List<ReplicaSpec> leaving) {
        public State {
            slots = List.copyOf(slots);
            intents = List.copyOf(intents);
            leaving = List.copyOf(leaving);
        }
    }

    /** What was written last; empty if nothing was, or, with a warning, if it cannot be read. */
    public Optional<State> read() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException unreadable) {
            LOG.warn("journal={} unreadable: {}; starting afresh", file, unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static State parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || !lines.getFirst().equals(FIRST)
                || !lines.getLast().equals(LAST)
                || !text.endsWith("\n")) {
            throw new IllegalArgumentException("not a whole journal");
        }
        List<ReplicaSpec> slots = new ArrayList<>();
        List<ReplicaSpec> intents = new ArrayList<>();
        List<ReplicaSpec> leaving = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] words = line.split(" ", -1);
            if (words.length != 4) {
                throw new IllegalArgumentException("line '" + line + "'");
            }
            ReplicaSpec spec = new ReplicaSpec(new ReplicaId(words[3]), words[2], Integer.parseInt(words[1]));
            switch (words[0]) {
                case "slot" -> slots.add(spec);
                case "intent" -> intents.add(spec);
                case "leaving" -> leaving.add(spec);
                default -> throw new IllegalArgumentException("line '" + line + "'");
            }
        }
        return new State(slots, intents, leaving);
    }

    /** Replaces what was written; on disk when it returns. */
    public void write(State state) throws IOException {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        append(text, "slot", state.slots());
        append(text, "intent", state.intents());
        append(text, "leaving", state.leaving());
        text.append(LAST).append('\n');
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void append(StringBuilder text, String kind, List<ReplicaSpec> replicas) {
        for (ReplicaSpec replica : replicas) {
            text.append(kind).append(' ').append(replica.slot()).append(' ');
            text.append(replica.name()).append(' ').append(replica.id()).append('\n');
        }
    }
}
