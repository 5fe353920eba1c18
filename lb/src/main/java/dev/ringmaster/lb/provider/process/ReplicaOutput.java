package dev.ringmaster.lb.provider.process;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a local replica prints: the port that it listens on, and its last lines for when it fails. */
final class ReplicaOutput {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaOutput.class);
    private static final String PORT_LINE = "ringmaster-port ";
    private static final int MOST_PORT = 65_535;
    private static final int LINES_KEPT = 20;
    private static final int LONGEST_LINE = 1000;

    private final String replica;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ArrayDeque<String> lines = new ArrayDeque<>();

    ReplicaOutput(String replica) {
        this.replica = replica;
    }

    /** Where output comes from. */
    interface Source {
        Reader open() throws IOException;
    }

    /** What a replica prints, read on a thread of its own. */
    static ReplicaOutput follow(String replica, Source source) {
        ReplicaOutput output = new ReplicaOutput(replica);
        Thread.ofPlatform().daemon().name("replica-output-" + replica).start(() -> output.readFrom(source));
        return output;
    }

    /** Completes with the port once the replica has printed it. */
    CompletableFuture<Integer> port() {
        return port;
    }

    /** Completes when nothing more can come. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Reads all of it, on the calling thread. */
    void readFrom(Source source) {
        try (Reader reader = source.open()) {
            for (String line = line(reader); line != null; line = line(reader)) {
                note(line);
            }
        } catch (IOException broken) {
            LOG.debug("replica={} output ended: {}", replica, broken.getMessage());
        } finally {
            ended.complete(null);
        }
    }

    /** The next line, cut where it grows too long; null at the end. */
    private static @Nullable String line(Reader source) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = source.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = source.read()) {
            if (line.length() < LONGEST_LINE) {
                line.append(Character.isISOControl(c) ? ' ' : (char) c);
            }
        }
        return line.toString();
    }

    private void note(String line) {
        LOG.debug("replica={} says: {}", replica, line);
        if (line.startsWith(PORT_LINE) && isPort(line.substring(PORT_LINE.length()))) {
            return;
        }
        synchronized (lines) {
            lines.addLast(line);
            if (lines.size() > LINES_KEPT) {
                lines.removeFirst();
            }
        }
    }

    private boolean isPort(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            return number > 0 && number <= MOST_PORT && port.complete(number);
        } catch (NumberFormatException otherOutput) {
            return false;
        }
    }

    /** The last lines in one; empty if there was nothing. */
    String tail() {
        synchronized (lines) {
            return String.join(" | ", lines);
        }
    }
}
