package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A replica's process whose parent is another balancer, as that one wrote it down: {@code ID NAME SLOT PORT PID START}.
 * Number and start, in the kernel's ticks since boot, together are one process for ever.
 */
record InheritedProcess(ReplicaSpec spec, int port, ProcessHandle handle, long start) {
    private static final Path PROCESSES = Path.of("/proc");
    /** From the parenthesis that ends the program's name: state, and 19 fields further the start; see proc(5). */
    private static final int STATE = 0;

    private static final int START = 19;
    private static final String ZOMBIE = "Z";
    private static final int WORDS = 6;
    private static final Duration LOOK = Duration.ofMillis(50);

    /** What {@link #read} understands. */
    static String line(ReplicaSpec spec, int port, long pid) {
        long start = started(pid).orElse(-1L);
        return spec.id() + " " + spec.name() + " " + spec.slot() + " " + port + " " + pid + " " + start;
    }

    /**
     * The process of a line; empty if it has ended since.
     *
     * @throws IllegalArgumentException if the line is none
     */
    static Optional<InheritedProcess> read(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            throw new IllegalArgumentException("'" + line + "' is no local replica");
        }
        ReplicaSpec spec = new ReplicaSpec(new ReplicaId(words[0]), words[1], Integer.parseInt(words[2]));
        int port = Integer.parseInt(words[3]);
        long pid = Long.parseLong(words[4]);
        long start = Long.parseLong(words[5]);
        return ProcessHandle.of(pid)
                .map(handle -> new InheritedProcess(spec, port, handle, start))
                .filter(InheritedProcess::runs);
    }

    /** When the process of this number was started; empty if there is none, or only its remains. */
    private static Optional<Long> started(long pid) {
        try {
            String stat = Files.readString(file(pid, "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[STATE].equals(ZOMBIE) ? Optional.empty() : Optional.of(Long.parseLong(fields[START]));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static Path file(long pid, String name) {
        return PROCESSES.resolve(String.valueOf(pid)).resolve(name);
    }

    private boolean runs() {
        return started(handle.pid()).filter(now -> now == start).isPresent();
    }

    /** Completes when it has ended: only a parent is told, all others have to look. */
    CompletableFuture<Void> ended() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread.ofVirtual().name("replica-exit-" + spec.name()).start(() -> {
            try {
                while (runs()) {
                    Thread.sleep(LOOK);
                }
                ended.complete(null);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        return ended;
    }

    /**
     * What it prints from now on: the reading end of its pipe, opened once more, so that it never writes into a pipe
     * that nobody reads, which is what ends programs.
     */
    Reader output() throws IOException {
        Path pipe = file(handle.pid(), "fd").resolve("1");
        if (!Files.readSymbolicLink(pipe).toString().startsWith("pipe:")) {
            return Reader.nullReader();
        }
        return new InputStreamReader(new FileInputStream(pipe.toFile()), StandardCharsets.UTF_8);
    }
}
