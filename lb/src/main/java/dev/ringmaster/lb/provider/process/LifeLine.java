package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standard input of every local replica: a FIFO that the balancer keeps open for writing and nobody writes to. When
 * the balancer is gone, however it died, its replicas read end of file and end, too.
 *
 * <p>Each balancer makes the FIFO anew, except where another one hands its replicas over: then both hold it, and the last
 * one's death counts. A replica that was frozen when its balancer died would otherwise find the next
 * balancer at the other end when it thaws, and live on for ever, known to nobody.
 */
final class LifeLine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LifeLine.class);
    private static final Path PROCESSES = Path.of("/proc");
    /** What the system puts behind the name of a file that somebody has deleted. */
    private static final String DELETED = " (deleted)";

    private final Path path;
    private @Nullable RandomAccessFile held;
    private boolean closed;

    LifeLine(Path path) {
        this.path = path;
    }

    /** Starts a process that hangs on this line. */
    synchronized Process start(ProcessBuilder builder) throws IOException, ProviderException {
        open();
        return builder.redirectInput(path.toFile()).start();
    }

    /** Makes the line, unless it is held, and ends what still hangs on that of an earlier balancer of this pool. */
    synchronized void open() throws ProviderException {
        if (closed) {
            // Nobody holds the line any more, so that opening it for reading would never return.
            throw new ProviderException("the balancer is stopping");
        }
        if (held == null) {
            held = make();
        }
    }

    /** Holds the line of a balancer that lives, beside it, instead of making one. */
    synchronized void share() throws ProviderException {
        if (held != null) {
            return;
        }
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
                throw new IOException("no FIFO");
            }
            held = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException failed) {
            throw new ProviderException("cannot share " + path + ": " + failed.getMessage(), failed);
        }
    }

    private RandomAccessFile make() throws ProviderException {
        try {
            Path directory = Files.createDirectories(path.toAbsolutePath().getParent());
            endLeftovers(directory.toRealPath().resolve(path.getFileName()).toString());
            Files.deleteIfExists(path);
            Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(mkfifo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (mkfifo.onExit().join().exitValue() != 0) {
                throw new IOException(output.strip());
            }
            // Opened for reading and writing: opening it for writing alone would wait for a reader.
            return new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException failed) {
            throw new ProviderException("cannot create " + path + ": " + failed.getMessage(), failed);
        }
    }

    /** Ends what did not end with its balancer. The pool is ours by now, so that nobody alive still needs it. */
    private static void endLeftovers(String fifo) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                String input = input(process);
                if (input.equals(fifo) || input.equals(fifo + DELETED)) {
                    long pid = Long.parseLong(process.getFileName().toString());
                    ProcessHandle.of(pid).ifPresent(LifeLine::end);
                }
            }
        }
    }

    private static void end(ProcessHandle leftover) {
        if (leftover.destroyForcibly()) {
            LOG.warn("pid={} killed: a replica that did not end with its balancer", leftover.pid());
        }
    }

    /** Where a process reads its standard input from; empty for those of others and those that have just ended. */
    private static String input(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("fd/0")).toString();
        } catch (IOException hidden) {
            return "";
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (held != null) {
            held.close();
        }
    }
}
